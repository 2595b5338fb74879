# The libraries as Debian shares them: for development and tests.
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(LibArchive REQUIRED)
find_library(GIT2 git2 REQUIRED)
find_library(DEFLATE deflate REQUIRED)
find_library(SNAPPY snappy REQUIRED)
set(FMT fmt::fmt)
