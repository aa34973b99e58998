#version 330
in vec2 at; out vec4 o;
uniform mat4 u_from_clip;
#include light.glsl
void main() {
    vec4 far = u_from_clip * vec4(at, 1.0, 1.0);
    vec3 d = normalize(far.xyz / far.w - u_eye);
    vec3 c = mix(u_horizon, u_sky * 1.6, pow(clamp(d.z, 0.0, 1.0), 0.55));
    if (d.z > 0.01) {
        vec2 p = d.xy / (d.z + 0.12);
        float cloud = texture(u_noise, p * 0.04).r * 0.6 + texture(u_noise, p * 0.017).g * 0.6;
        c = mix(c, u_horizon * 1.25, smoothstep(0.85 - 0.6 * u_cloud, 1.1 - 0.5 * u_cloud, cloud) * 0.8);
    }
    float s = max(dot(d, u_sun), 0.0);
    c += u_sun_colour * (pow(s, 400.0) * 2.0 + pow(s, 12.0) * 0.06);
    o = vec4(developed(mix(c, u_haze, exp(-max(d.z, 0.0) * 14.0) * 0.7)), 1.0);
}
