#version 330
in vec3 at; in vec3 normal; in vec2 texel; flat in vec3 albedo; flat in vec2 what; out vec4 o;
uniform sampler2DArray u_layers;
uniform sampler2DShadow u_static_shadow;
uniform mat4 u_shade;
uniform float u_shadowed, u_wet, u_windows; // shadowed: draw as if the sun did not reach anything
#include light.glsl

float grain(vec2 p, float scale) { return texture(u_noise, p * scale).r; }

void main() {
    int surface = int(what.x + 0.5);
    vec3 view = u_eye - at;
    float metres = length(view);
    view /= metres;
    vec3 n = normalize(normal);
    if (dot(n, view) < 0.0) n = -n;
    vec3 c = albedo, glow = vec3(0.0);
    float shine = 0.0;
    if (what.y >= 0.0) {
        vec4 t = texture(u_layers, vec3(texel, what.y));
        c *= t.rgb * t.rgb;
        if (surface == 15 && t.a < 0.5) { // a window: some have light behind them
            float cell = texture(u_noise, floor(texel * 4.0) * 0.137 + what.y * 0.31).g;
            glow = vec3(1.0, 0.8, 0.5) * 0.55 * u_windows * step(0.62, cell);
        }
    }
    float coarse = grain(at.xy, 0.021), mid = grain(at.xy, 0.13), fine = grain(at.xy, 0.9);
    if (surface == 10) {
        c *= (0.68 + 0.5 * coarse) * (0.8 + 0.4 * mid) * (0.85 + 0.3 * fine);
        float crack = abs(texture(u_noise, at.xy * 0.045).g - 0.5);
        c *= 1.0 - 0.35 * smoothstep(0.012, 0.0, crack);
        shine = 0.25;
    } else if (surface == 11) {
        vec2 f = fract(at.xy / 1.2);
        float joint = min(min(f.x, f.y), min(1.0 - f.x, 1.0 - f.y));
        c *= (0.8 + 0.35 * coarse) * (0.85 + 0.3 * mid) * (1.0 - 0.3 * smoothstep(0.03, 0.0, joint));
    } else if (surface == 12) {
        c = mix(c, vec3(0.20, 0.18, 0.09), smoothstep(0.35, 0.75, coarse)) * (0.5 + 0.6 * mid + 0.4 * fine);
    } else if (surface == 13) {
        c = mix(c, vec3(0.17), smoothstep(0.35, 0.75, mid) * 0.7);
        shine = 0.2;
    } else if (surface == 16) glow = u_lamp_colour * 3.0 * step(1.0, float(u_lamp_count));
    float flat_ground = surface >= 10 && surface <= 13 ? 1.0 : 0.0;
    float pool = u_wet * flat_ground * (0.35 + 0.65 * smoothstep(0.35, 0.65, coarse));
    c *= 1.0 - 0.45 * u_wet * flat_ground;
    float towards = dot(n, u_sun);
    if (surface == 14) towards = 0.35 + 0.4 * towards;
    vec3 light = ambient(n), highlight = vec3(0.0);
    if (towards > 0.0 && u_sun_colour.r > 0.0) {
        vec3 q = (u_shade * vec4(at + n * 0.08, 1.0)).xyz;
        float open = 1.0;
        if (all(greaterThan(q, vec3(0.0))) && all(lessThan(q, vec3(1.0)))) open = texture(u_static_shadow, q);
        open *= 1.0 - u_shadowed;
        light += u_sun_colour * towards * open;
        highlight = u_sun_colour * open * shine * 0.12 * pow(max(dot(n, normalize(u_sun + view)), 0.0), 14.0);
    }
    light += street_lamps(at, n);
    vec3 lit = c * light + highlight + glow;
    float fresnel = pool * (0.03 + 0.45 * pow(1.0 - max(dot(n, view), 0.0), 4.0));
    lit = mix(lit, mirrored(reflect(-view, n)) * 0.9, fresnel);
    o = vec4(developed(hazed(lit, metres)), 1.0);
}
