#version 330
// Triangles of few pixels: light is worked out at their corners. Software drivers shade whole blocks of pixels for each
// triangle, so that this is several times faster and looks the same.
in vec3 p; in vec3 n; in vec2 uv; in vec3 colour; in float surface; in float layer;
uniform mat4 u_clip;
uniform float u_coarse;
out vec3 seen;
#include vehicle.glsl
void main() {
    seen = shaded(p, n, uv, colour, vec2(surface, layer), u_coarse).rgb;
    gl_Position = u_clip * vec4(p, 1.0);
}
