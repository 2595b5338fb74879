"""A maintainer who works with PyGithub: a chart's change from the branch to the published release.

usage: tests/foreign/pygithub_person.py, with FORGE (its address), MARIA (her token), APP_ID and APP_KEY (a file)"""
import hashlib
import os
import pathlib
import tempfile
import time

import github
from github import Auth, Github, GithubException, GithubIntegration, InputGitTreeElement, UnknownObjectException

API = os.environ["FORGE"] + "/api/v3"
NAME = "octo/charts"
CHART = "name: web\nversion: 1.1.0\n"


def forge(token, **options):
    return Github(auth=Auth.Token(token), base_url=API, retry=None, seconds_between_requests=0, seconds_between_writes=0, **options)


def same(seen, wanted):
    assert seen == wanted, f"{seen!r}, {wanted!r} is wanted"


def refused(kind, status, text, ask):
    """PyGithub's exceptions are by status; the text is the forge's."""
    try:
        ask()
    except GithubException as error:
        same((type(error), error.status), (kind, status))
        assert text in str(error.data), f"{error.data!r} does not say {text!r}"
        return
    raise AssertionError(f"not refused: {text}")


def git_object(kind, content):
    return hashlib.sha1(f"{kind} {len(content)}\0".encode() + content).hexdigest()


def branch_with_chart(repository, name, path, text):
    """A branch off main with one file changed, made of objects. Its commit."""
    main = repository.get_branch("main").commit
    reference = repository.create_git_ref(f"refs/heads/{name}", main.sha)
    same(repository.get_git_ref(f"heads/{name}").object.sha, main.sha)
    blob = repository.create_git_blob(text, "utf-8")
    same(blob.sha, git_object("blob", text.encode()))
    same(repository.get_git_blob(blob.sha).size, len(text))
    tree = repository.create_git_tree([InputGitTreeElement(path, "100644", "blob", sha=blob.sha)], main.commit.tree)
    same(repository.get_git_tree(tree.sha, recursive=True).raw_data["truncated"], False)
    commit = repository.create_git_commit(f"change {path}", tree, [main.commit])
    same(repository.get_git_commit(commit.sha).parents[0].sha, main.sha)
    reference.edit(commit.sha)
    same(repository.get_branch(name).commit.sha, commit.sha)
    refused(GithubException, 422, "Update is not a fast forward", lambda: reference.edit(main.sha))
    refused(GithubException, 422, "Reference already exists", lambda: repository.create_git_ref(f"refs/heads/{name}", main.sha))
    return commit


def opens_two(repository):
    """Two pull requests, listed one to a page."""
    commit = branch_with_chart(repository, "pygithub/web-1.1.0", "charts/web/Chart.yaml", CHART)
    branch_with_chart(repository, "pygithub/notes", "NOTES.md", "notes\n")
    same([ref.ref for ref in repository.get_git_matching_refs("heads/pygithub/")],
         ["refs/heads/pygithub/notes", "refs/heads/pygithub/web-1.1.0"])
    refused(GithubException, 422, "No commits between main and main", lambda: repository.create_pull(base="main", head="main", title="nothing"))
    pull = repository.create_pull(base="main", head="pygithub/web-1.1.0", title="web 1.1.0", body="A change.")
    other = repository.create_pull(base="main", head="pygithub/notes", title="notes", body="")
    refused(GithubException, 422, "A pull request already exists for octo:pygithub/notes",
            lambda: repository.create_pull(base="main", head="pygithub/notes", title="again", body=""))
    same((pull.state, pull.head.sha, pull.user.login, pull.merged), ("open", commit.sha, "maria", False))
    paged = forge(os.environ["MARIA"], per_page=1).get_repo(NAME).get_pulls(state="open", base="main", direction="asc")
    same(paged.totalCount, 2)
    same([each.number for each in paged], [pull.number, other.number])
    same([(file.filename, file.status) for file in pull.get_files()], [("charts/web/Chart.yaml", "modified")])
    same([each.sha for each in pull.get_commits()], [commit.sha])
    other.edit(body="No longer wanted.", state="closed")
    same((repository.get_pull(other.number).state, repository.get_pull(other.number).body), ("closed", "No longer wanted."))
    same(repository.get_pull(pull.number).title, "web 1.1.0")
    return repository.get_pull(pull.number)  # whose ETag is that of the second look: then the forge has tried the merge


def is_judged(repository, sha):
    """Statuses are people's, checks are an App's."""
    commit = repository.get_commit(sha)
    commit.create_status("success", description="read by eye", context="foreign/review")
    same([(status.context, status.state, status.creator.login) for status in commit.get_statuses()], [("foreign/review", "success", "maria")])
    combined = commit.get_combined_status()
    same((combined.state, combined.total_count, combined.sha), ("success", 1, sha))
    refused(GithubException, 403, "You must authenticate via a GitHub App.", lambda: repository.create_check_run("foreign/lint", sha))
    app = GithubIntegration(auth=Auth.AppAuth(int(os.environ["APP_ID"]), pathlib.Path(os.environ["APP_KEY"]).read_text()), base_url=API)
    # Named, for where a caller names none PyGithub sends an empty object, and what GitHub makes of that is not described.
    token = app.get_access_token(app.get_repo_installation(*NAME.split("/")).id, {"checks": "write", "contents": "read"}).token
    run = forge(token).get_repo(NAME).create_check_run("foreign/lint", sha, status="in_progress", external_id="pygithub")
    run.edit(conclusion="neutral", output={"title": "lint", "summary": "as good as it gets"})
    same([(check.name, check.status, check.conclusion, check.app.slug) for check in commit.get_check_runs()],
         [("foreign/lint", "completed", "neutral", "waybill-release")])


def merges(repository, pull):
    refused(GithubException, 409, "Head branch was modified", lambda: pull.merge(sha="1" * 40, merge_method="squash"))
    merged = pull.merge(sha=pull.head.sha, merge_method="squash", commit_title="web 1.1.0", commit_message="")
    assert merged.merged and pull.is_merged()
    refused(GithubException, 405, "not mergeable", lambda: pull.merge(sha=pull.head.sha, merge_method="squash"))
    same(repository.get_branch("main").commit.sha, merged.sha)
    same([each.number for each in repository.get_commit(merged.sha).get_pulls()], [pull.number])
    same(repository.get_contents("charts/web/Chart.yaml", ref=merged.sha).decoded_content.decode(), CHART)
    same(repository.get_commits(sha="main")[0].commit.message, "web 1.1.0")
    return merged.sha


def releases(repository, sha):
    tag = repository.create_git_tag("web-1.1.0", "web 1.1.0\n", sha, "commit")
    repository.create_git_ref("refs/tags/web-1.1.0", tag.sha)
    same((repository.get_git_tag(tag.sha).object.sha, repository.get_git_ref("tags/web-1.1.0").object.type), (sha, "tag"))
    draft = repository.create_git_release("web-1.1.0", "web 1.1.0", "Notes.", draft=True)
    refused(UnknownObjectException, 404, "Not Found", lambda: repository.get_release("web-1.1.0"))
    same([(each.tag_name, each.draft) for each in repository.get_releases()][0], ("web-1.1.0", True))
    with tempfile.TemporaryDirectory() as folder:
        package = pathlib.Path(folder, "web-1.1.0.tgz")
        package.write_bytes(bytes(range(256)) * 40)
        asset = draft.upload_asset(str(package), content_type="application/gzip")
        digest = "sha256:" + hashlib.sha256(package.read_bytes()).hexdigest()
        same((asset.name, asset.size, asset.raw_data["digest"]), ("web-1.1.0.tgz", 10240, digest))
        refused(GithubException, 422, "already_exists", lambda: draft.upload_asset(str(package), content_type="application/gzip"))
        draft.update_release("web 1.1.0", "Notes, read again.", draft=False)
        published = repository.get_release("web-1.1.0")
        same((published.draft, published.body, published.id), (False, "Notes, read again.", draft.id))
        same([each.raw_data["digest"] for each in published.get_assets()], [digest])
        published.get_assets()[0].download_asset(path=folder + "/downloaded")
        same(pathlib.Path(folder, "downloaded").read_bytes(), package.read_bytes())


def dispatches(repository):
    workflow = repository.get_workflow("greet.yml")
    same((workflow.name, workflow.state, workflow.path), ("greet", "active", ".github/workflows/greet.yml"))
    refused(GithubException, 422, "Unexpected inputs", lambda: workflow.create_dispatch("main", {"cart": "web"}, throw=True))
    before = workflow.get_runs().totalCount
    workflow.create_dispatch("main", {"chart": "web"}, throw=True)
    for _ in range(200):
        runs = list(workflow.get_runs())
        if len(runs) > before and runs[0].status == "completed":
            break
        time.sleep(0.1)
    newest = repository.get_workflow_run(runs[0].id)
    same((len(runs), newest.event, newest.head_branch, newest.conclusion), (before + 1, "workflow_dispatch", "main", "success"))


def main():
    github_of_maria = forge(os.environ["MARIA"])
    repository = github_of_maria.get_repo(NAME)
    same((repository.full_name, repository.default_branch, repository.private), (NAME, "main", False))
    same((github_of_maria.get_user().login, repository.owner.login), ("maria", "octo"))
    refused(UnknownObjectException, 404, "Not Found", lambda: github_of_maria.get_repo("octo/none"))
    refused(UnknownObjectException, 404, "Not Found", lambda: repository.get_pull(999))
    refused(github.BadCredentialsException, 401, "Bad credentials", lambda: forge("nobody").get_repo(NAME))
    pull = opens_two(repository)
    is_judged(repository, pull.head.sha)
    assert pull.update() is False, "nothing changed, and yet it is not a 304"
    sha = merges(repository, pull)
    assert pull.update() is True and pull.merged, "the pull request was merged, and yet it is a 304"
    releases(repository, sha)
    dispatches(repository)
    same(github_of_maria.get_rate_limit().raw_data["rate"]["limit"], 15000)


main()
