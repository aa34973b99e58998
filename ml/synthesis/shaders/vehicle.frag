#version 330
// Large triangles: light is worked out for each pixel.
in vec3 at; in vec3 normal; in vec2 texel; flat in vec3 albedo; flat in vec2 what; out vec4 o;
uniform float u_coarse;
#include vehicle.glsl
void main() {
    vec4 c = shaded(at, normal, texel, albedo, what, u_coarse);
    if (c.a < 0.5) discard;
    o = c;
}
