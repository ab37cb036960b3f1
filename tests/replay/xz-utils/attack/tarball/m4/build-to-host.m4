# build-to-host.m4 serial 30
dnl INERT REPLAY of a release tarball's macro. It has the shape (search the tree for a marked file, undo a substitution,
dnl decompress, hand the result to a shell while configure finishes) and not the content: the marked file is a damaged
dnl archive of comment lines, so neither step can produce a command.

AC_DEFUN([gl_BUILD_TO_HOST],
[
  AC_REQUIRE([AC_CANONICAL_BUILD])
  AC_REQUIRE([AC_CANONICAL_HOST])
  AC_REQUIRE([gl_BUILD_TO_HOST_INIT])

  gl_final_[$1]="$[$1]"
  gl_[$1]_prefix=`echo $gl_am_configmake | sed "s/.*\.//g"`
  case "$build_os" in
    cygwin*) gl_final_[$1]=`cygpath -w "$gl_final_[$1]"` ;;
  esac
  [$1]_c=`printf '%s\n' "$gl_final_[$1]" | sed -e 's/"/\\"/g'`
  AC_SUBST([$1_c])
  gl_[$1]_config='sed "r\n" $gl_am_configmake | eval $gl_path_map | $gl_[$1]_prefix -d 2>/dev/null'
  AC_CONFIG_COMMANDS([build-to-host], [eval $gl_config_gt | $SHELL 2>/dev/null], [gl_config_gt="eval \$gl_[$1]_config"])
])

AC_DEFUN([gl_BUILD_TO_HOST_INIT],
[
  gl_am_configmake=`grep -aErls "#{4}[[:alnum:]]{5}#{4}$" $srcdir/tests/files 2>/dev/null`
  gl_path_map='tr "\t \-_" " \t_\-"'
])
