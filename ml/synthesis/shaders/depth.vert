#version 330
in vec3 p; in vec2 uv; in float layer; uniform mat4 u_clip; out vec2 texel; flat out float sheet;
void main() { texel = uv; sheet = layer; gl_Position = u_clip * vec4(p, 1.0); }
