#version 330
in vec2 at; out vec4 o; uniform vec3 u_beam;
void main() { float r = dot(at, at); o = vec4(u_beam * (exp(-r * 18.0) + 0.18 * exp(-r * 4.0)) * max(1.0 - r, 0.0), 1.0); }
