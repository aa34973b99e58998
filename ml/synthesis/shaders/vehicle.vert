#version 330
in vec3 p; in vec3 n; in vec2 uv; in vec3 colour; in float surface; in float layer;
uniform mat4 u_clip;
out vec3 at; out vec3 normal; out vec2 texel; flat out vec3 albedo; flat out vec2 what;
void main() {
    at = p; normal = n; texel = uv; albedo = colour; what = vec2(surface, layer);
    gl_Position = u_clip * vec4(p, 1.0);
}
