# The one place that says how strictly every target is compiled.
add_library(waybill_warnings INTERFACE)
target_compile_options(waybill_warnings INTERFACE
  # Designated initialisers name what they set; the rest keeps the default written in the struct.
  # g++ 12 takes an optional that was tested for one that was not (-Wmaybe-uninitialized); ASan and UBSan look for real ones.
  -Wall -Wextra -Wno-maybe-uninitialized -Wno-missing-field-initializers -Wpedantic -Wconversion -Wshadow -Wold-style-cast -Wnon-virtual-dtor -Werror)
