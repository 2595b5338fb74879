# Names that a contribution brings: of charts, of folders, of files. Sourced by ../hostile.
# shellcheck shell=bash

worker_change() { sed -i "s/^schedule: .*/schedule: \"${1:-9 9} * * *\"/" "$clone/charts/worker/values.yaml"; }

begin_change() {  # a sound change of worker in $clone
  fresh_clone integration
  worker_change
}

contribute_all() {  # whatever lies in $clone, into integration: sets $number
  number=$(contribute feature/hostile-names "${1:-fix: change the worker}")
  idle
}

nothing_ran() { [ -z "$(find "$state" "$clone" -name pwned)" ] || not_ok "somebody ran the hostile text"; }

# What lies in $clone is refused by stage 1 with each TEXT.
refused() {  # TEXT…
  contribute_all
  stopped validate-contribution 2 "$@"
  nothing_changed
}

chart_named() {  # YAML TEXT: worker's name, and how an error shows it
  begin_change
  sed -i "s|^name: .*|name: $1|" "$clone/charts/worker/Chart.yaml"
  refused "charts/worker/Chart.yaml" "is not a chart's name, wanted up to 63 lower-case letters" "$2"
}

hostile ready name_dots 'a chart named `..`'
case_name_dots() { chart_named '".."' '`..`'; }
hostile ready name_newline 'a chart whose name has a second line with a workflow command'
case_name_newline() { chart_named '"worker\\n::error::pwned"' 'worker'; no_command_but_errors; }
hostile ready name_command 'a chart named `$(touch pwned)`'
case_name_command() { chart_named '"$(touch pwned)"' '$(touch pwned)'; nothing_ran; }
hostile ready name_comment 'a chart named `a-->b<!-- waybill:map:v1`'
case_name_comment() { chart_named '"a-->b<!-- waybill:map:v1"' 'a-->b'; }
hostile ready name_bidi 'a chart whose name turns the reading direction (U+202E)'
case_name_bidi() { chart_named '"wor\\u202Eker"' '`wor\u{202e}ker`'; }
hostile ready name_nul 'a chart whose name has a NUL'
case_name_nul() { chart_named '"wor\\0ker"' '`wor\u{0}ker`'; }
hostile ready name_of_another 'a chart that takes the name of another one'
case_name_of_another() {
  begin_change
  sed -i 's/^name: .*/name: web/' "$clone/charts/worker/Chart.yaml"
  refused 'charts/worker and charts/web are both named `web`' 'try: name: worker'
}

hostile ready version_lines 'a version with a second line that ends a heredoc'
case_version_lines() {
  begin_change
  sed -i 's/^version: .*/version: "2.0.6\\nEOF\\npwned=1"/' "$clone/charts/worker/Chart.yaml"
  refused "charts/worker/Chart.yaml" "is not a version"
  no_command_but_errors
}

# A new chart in a folder of that name, as helm would make one.
chart_in() {  # FOLDER
  fresh_clone integration
  cp -r "$clone/charts/worker" "$clone/charts/$1"
  sed -i 's/^name: .*/name: another/' "$clone/charts/$1/Chart.yaml"
}
hostile ready folder_newline 'a chart in a folder whose name has a workflow command on its second line'
case_folder_newline() { chart_in $'x\n::error::pwned'; refused "charts/x" "has a control character"; no_command_but_errors; }
hostile ready folder_dash 'a chart in a folder named like an option of helm'
case_folder_dash() { chart_in --post-renderer=sh; ships_to_main merge another; }
hostile ready folder_latin 'a chart in a folder whose name is no UTF-8'
case_folder_latin() { chart_in $'caf\xe9'; refused "charts/caf" "is not UTF-8"; }

file_named() {  # NAME: a file of worker
  begin_change
  printf '# nothing\n' > "$clone/charts/worker/templates/$1"
}
hostile ready file_newline 'a file whose name has a workflow command on its second line'
case_file_newline() { file_named $'x\n::error::pwned.yaml'; refused "charts/worker/templates/x"; no_command_but_errors; }
hostile ready file_bidi 'a file whose name turns the reading direction'
case_file_bidi() { file_named $'x\u202elmay.yaml'; refused "charts/worker/templates/x?lmay.yaml" "has a control character"; }
hostile ready file_comment 'a file named `-->`'
case_file_comment() { file_named '--><!-- waybill:map:v1.yaml'; ships_to_main; }
hostile ready file_dash 'files named like options'
case_file_dash() { file_named --help.yaml; printf '# nothing\n' > "$clone/charts/worker/-rf"; ships_to_main; }
hostile ready file_latin 'a file whose name is no UTF-8'
case_file_latin() { file_named $'caf\xe9.yaml'; refused "charts/worker/templates/caf" "is not UTF-8"; }
hostile ready file_outside 'a file of no chart whose name is made of workflow commands'
case_file_outside() {
  begin_change
  printf 'x\n' > "$clone/"$'notes\n::set-output name=charts::pwned\n##[error]pwned'
  refused "belong to no chart" 'notes\u{a}::set-output name=charts::pwned'
  no_command_but_errors
}
hostile ready files_by_case 'two files that one file system takes for one'
case_files_by_case() { file_named job.yaml; printf '# other\n' > "$clone/charts/worker/templates/JOB.yaml"; refused "charts/worker/templates/"; }

hostile ready link_as_chart 'a link to another chart in place of a chart'
case_link_as_chart() { fresh_clone integration; ln -s worker "$clone/charts/twin"; refused "charts/twin"; }
hostile ready link_as_folder 'a link in place of a chart'"'"'s folder of templates'
case_link_as_folder() {
  begin_change
  rm -r "$clone/charts/worker/templates"
  ln -s /etc "$clone/charts/worker/templates"
  refused "charts/worker/templates"
}
hostile ready link_as_chart_yaml 'a link in place of Chart.yaml'
case_link_as_chart_yaml() {
  begin_change
  mv "$clone/charts/worker/Chart.yaml" "$clone/charts/worker/real.yaml"
  ln -s real.yaml "$clone/charts/worker/Chart.yaml"
  refused "charts/worker"
}
hostile ready gitlink_and_modules 'a submodule of somebody else, with its .gitmodules'
case_gitlink_and_modules() {
  begin_change
  printf '[submodule "x"]\n\tpath = charts/worker/charts/x\n\turl = ext::sh -c "touch pwned"\n' > "$clone/.gitmodules"
  git -C "$clone" update-index --add --cacheinfo "160000,$(git -C "$clone" rev-parse HEAD),charts/worker/charts/x"
  mkdir -p "$clone/charts/worker/charts/x"
  number=$(contribute_staged)
  idle
  stopped validate-contribution 2 '`charts/worker/charts/x` is a submodule' ".gitmodules"
  nothing_changed
}

contribute_staged() {  # what is in the index with the rest of $clone, without looking into empty folders
  git -C "$clone" checkout -q -B feature/hostile-names
  git -C "$clone" add charts/worker/values.yaml .gitmodules
  git -C "$clone" commit -q -m "fix: change the worker"
  git -C "$clone" push -q origin feature/hostile-names
  person_pull feature/hostile-names integration
}
