"""OpenGL without a window: through EGL, on the graphics card where there is one, else in software."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ml.types import UserError

try:
    import moderngl
except ImportError as error:
    raise UserError(
        "rendering-not-installed",
        "Rendering needs the package moderngl: install it with `pip install -r requirements-synth.in`.",
    ) from error

_SHADERS = Path(__file__).with_name("shaders")
_HELP = "Install EGL and a driver (Debian: apt-get install libegl1 libegl-mesa0 libgl1-mesa-dri)."


@cache
def context() -> moderngl.Context:
    """This process's one OpenGL context; UserError rendering-unavailable where there is no driver."""
    for options in ({}, {"libgl": "libGL.so.1", "libegl": "libEGL.so.1"}):
        try:
            return moderngl.create_context(standalone=True, backend="egl", **options)
        except Exception as error:  # moderngl raises plain Exception
            reason = error
    raise UserError("rendering-unavailable", f"OpenGL cannot be started without a display ({reason}). {_HELP}")


def program(vertex: str, fragment: str) -> moderngl.Program:
    """The shaders `vertex`.vert and `fragment`.frag; a line `#include NAME` stands for the file NAME."""
    return context().program(vertex_shader=_source(f"{vertex}.vert"), fragment_shader=_source(f"{fragment}.frag"))


@cache
def _source(name: str) -> str:
    lines = (_SHADERS / name).read_text(encoding="utf-8").splitlines()
    return "\n".join(_source(line.split()[1]) if line.startswith("#include") else line for line in lines)


def matrix(values: npt.NDArray[np.float64]) -> bytes:
    """A matrix that acts on columns, as OpenGL wants its bytes."""
    return np.ascontiguousarray(values.T, np.float32).tobytes()


def set_uniforms(target: moderngl.Program, values: dict[str, object]) -> None:
    """Set those uniforms that the program has: compilers drop the ones they do not need."""
    for name, value in values.items():
        if name in target:
            if isinstance(value, np.ndarray):
                target[name].write(matrix(value))
            else:
                target[name].value = value
