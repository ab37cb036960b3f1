# build-to-host.m4 serial 4
dnl Defines a C string of a directory as the host system writes it. Converts when the build system's notation differs.

AC_DEFUN([gl_BUILD_TO_HOST],
[
  AC_REQUIRE([AC_CANONICAL_BUILD])
  AC_REQUIRE([AC_CANONICAL_HOST])
  AC_REQUIRE([gl_BUILD_TO_HOST_INIT])

  gl_final_[$1]="$[$1]"
  case "$build_os" in
    cygwin*)
      case "$host_os" in
        mingw* | windows*) gl_final_[$1]=`cygpath -w "$gl_final_[$1]"` ;;
      esac
      ;;
  esac
  [$1]_c=`printf '%s\n' "$gl_final_[$1]" | sed -e "$gl_sed_double_backslashes" -e "$gl_sed_escape_doublequotes"`
  [$1]_c='"'"$[$1]_c"'"'
  AC_SUBST([$1_c])
])

AC_DEFUN([gl_BUILD_TO_HOST_INIT],
[
  gl_sed_double_backslashes='s/\\/\\\\/g'
  gl_sed_escape_doublequotes='s/"/\\"/g'
])
