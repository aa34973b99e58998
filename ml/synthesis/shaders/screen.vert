#version 330
in vec2 p; out vec2 at;
void main() { at = p; gl_Position = vec4(p, 1.0, 1.0); }
