# Every library but the C library inside the binary, for the image and for `setup`: -DWAYBILL_STATIC=ON.
# WAYBILL_CURL is the prefix of a libcurl.a with HTTP and HTTPS only (docker/curl builds it from Debian's source); Debian's
# own speaks twenty protocols more and brings their libraries.
set(WAYBILL_CURL "" CACHE PATH "Prefix of a libcurl.a that speaks HTTP and HTTPS only")

function(waybill_archive variable)  # VARIABLE NAME…: the static archives, in link order
  set(found)
  foreach(name IN LISTS ARGN)
    find_library(WAYBILL_ARCHIVE_${name} lib${name}.a REQUIRED)
    list(APPEND found ${WAYBILL_ARCHIVE_${name}})
  endforeach()
  set(${variable} ${found} PARENT_SCOPE)
endfunction()

function(waybill_static target)  # TARGET NAME… INCLUDES …: a target that links the named archives
  cmake_parse_arguments(S "" "" "INCLUDES;LIBRARIES" ${ARGN})
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE ${S_INCLUDES})
  target_link_libraries(${target} INTERFACE ${S_LIBRARIES})
endfunction()

waybill_archive(SSL ssl)
waybill_archive(CRYPTO crypto)
waybill_archive(ZLIB z)
waybill_static(OpenSSL::Crypto LIBRARIES ${CRYPTO})
find_library(CURL_ARCHIVE libcurl.a PATHS ${WAYBILL_CURL}/lib NO_DEFAULT_PATH REQUIRED)
waybill_static(CURL::libcurl INCLUDES ${WAYBILL_CURL}/include LIBRARIES ${CURL_ARCHIVE} ${SSL} ${CRYPTO} ${ZLIB})

# libgit2 logs in with Kerberos where a server offers it; Debian has no static Kerberos, a forge asks for none.
add_library(no_gssapi STATIC ${PROJECT_SOURCE_DIR}/cmake/no_gssapi.cpp)
waybill_archive(GIT2 git2 ssh2 mbedtls mbedx509 mbedcrypto http_parser pcre2-8)
list(APPEND GIT2 no_gssapi ${SSL} ${CRYPTO} ${ZLIB})

waybill_archive(ARCHIVE archive)
waybill_static(LibArchive::LibArchive LIBRARIES ${ARCHIVE} ${ZLIB})
waybill_archive(YAML yaml-cpp)
waybill_static(yaml-cpp LIBRARIES ${YAML})
waybill_archive(DEFLATE deflate)
waybill_archive(SNAPPY snappy)
set(FMT fmt::fmt-header-only)
