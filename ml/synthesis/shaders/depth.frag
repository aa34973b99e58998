#version 330
in vec2 texel; flat in float sheet; out vec4 o;
uniform sampler2DArray u_layers; uniform vec4 u_number;
void main() { if (sheet >= 0.0 && texture(u_layers, vec3(texel, sheet)).a < 0.4) discard; o = u_number; }
