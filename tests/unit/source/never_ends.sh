#!/bin/sh
# A worker that never answers.
exec sleep 600
