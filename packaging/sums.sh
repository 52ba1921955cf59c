#!/usr/bin/env bash
# Writes SHA256SUMS for all that lies in a folder of results: sums.sh FOLDER. Check it with: sha256sum -c SHA256SUMS
set -euo pipefail
cd "$1"
find . -maxdepth 1 -type f ! -name SHA256SUMS -printf '%P\0' | sort -z | xargs -0 -r sha256sum >SHA256SUMS
