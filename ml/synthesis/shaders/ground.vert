#version 330
in vec2 p; uniform mat4 u_clip; uniform vec4 u_area; // low x, low y, high x, high y
out vec3 at; out vec2 unit;
void main() {
    at = vec3(mix(u_area.xy, u_area.zw, p * 0.5 + 0.5), 0.03);
    unit = p;
    gl_Position = u_clip * vec4(at, 1.0);
}
