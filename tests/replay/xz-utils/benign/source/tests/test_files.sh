#!/bin/sh
# Every archive below tests/files must be accepted or refused as its name says.
for i in "$srcdir"/files/good-*.xz ; do
    ../src/xz/xz -dc "$i" > /dev/null || exit 1
done
for i in "$srcdir"/files/bad-1-*.xz ; do
    ../src/xz/xz -dc "$i" > /dev/null 2>&1 && exit 1
done
for i in "$srcdir"/files/bad-3-*.xz ; do
    ../src/xz/xz -dc "$i" > /dev/null 2>&1 && exit 1
done
exit 0
