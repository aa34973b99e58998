// Paint, glass, lamps, dirt and lettering of a vehicle, in its own frame.
uniform sampler2DArray u_layers, u_wrap;
uniform sampler2DShadow u_static_shadow, u_moving_shadow;
uniform mat4 u_shade;
uniform vec3 u_paint, u_rim, u_glass, u_size; // size: length, width, height
uniform float u_gloss, u_dirt, u_brake, u_lights, u_seed, u_wet;
uniform int u_wrapped; // 0 no, 1 painted parts, 2 every bright part
#include light.glsl

vec4 wrap(vec3 at, vec3 normal, float coarse) { // lettering, stripes and second colours, laid on from the left, the right, above and behind
    vec2 along = vec2(at.x / u_size.x + 0.5, at.z / u_size.z);
    vec3 a = abs(normal);
    if (normal.z > 0.6) return textureLod(u_wrap, vec3(along.x, at.y / u_size.y + 0.5, 2.0), coarse);
    if (a.y > a.x) return textureLod(u_wrap, vec3(along, normal.y > 0.0 ? 0.0 : 1.0), coarse);
    return normal.x < 0.0 ? textureLod(u_wrap, vec3(at.y / u_size.y + 0.5, along.y, 3.0), coarse) : vec4(0.0);
}

// The colour on the screen of one point. surface and layer are `what`; coarse is the mipmap level of the textures.
// Alpha is 0 where the texture has a hole.
vec4 shaded(vec3 at, vec3 normal, vec2 texel, vec3 albedo, vec2 what, float coarse) {
    int surface = int(what.x + 0.5);
    vec3 view = u_eye - at;
    float metres = length(view);
    view /= metres;
    vec3 n = normalize(normal);
    if (dot(n, view) < 0.0) n = -n;
    vec3 c = albedo, glow = vec3(0.0);
    if (what.y >= 0.0) {
        vec4 t = textureLod(u_layers, vec3(texel, what.y), coarse);
        if (t.a < 0.4) return vec4(0.0);
        vec3 seen = t.rgb * t.rgb;
        c = surface == 1 ? vec3(clamp(dot(seen, vec3(0.4)) + 0.35, 0.0, 1.0)) : seen * albedo;
    }
    float mirror = 0.04, sharp = 24.0, shine = 0.05;
    if (surface == 1) { c *= u_paint; mirror = 0.05 * u_gloss; sharp = 40.0 + 180.0 * u_gloss; shine = 0.9 * u_gloss; }
    else if (surface == 2) { c = u_glass; mirror = 0.09; sharp = 400.0; shine = 1.0; }
    else if (surface == 3) { c *= 0.5; mirror = 0.4; sharp = 120.0; shine = 0.7; }
    else if (surface == 4) { mirror = 0.10; shine = 0.6; glow = vec3(1.0, 0.95, 0.8) * u_lights * 3.0; }
    else if (surface == 5) { c = mix(c, vec3(0.45, 0.02, 0.02), 0.6); shine = 0.4; glow = vec3(1.0, 0.05, 0.03) * (u_lights * 0.7 + u_brake * 2.0); }
    else if (surface == 6) { c = u_rim * (0.7 + 0.3 * dot(c, vec3(0.34))); mirror = 0.15; shine = 0.4; }
    if (u_wrapped == 1 && surface == 1 || u_wrapped == 2 && surface < 2 && dot(c, vec3(0.34)) > 0.25) { vec4 w = wrap(at, normal, coarse); c = mix(c, w.rgb, w.a); }
    if (surface != 2 || u_dirt > 0.4) {
        vec2 m = textureLod(u_noise, at.xz * 0.45 + vec2(u_seed, at.y * 0.3), 0.0).rg;
        float low = smoothstep(0.95, 0.1, at.z);
        c = mix(c, vec3(0.16, 0.14, 0.115), clamp(u_dirt * (low * (0.35 + m.r) + 0.25 * m.g * m.g), 0.0, 0.85));
    }
    mirror += (u_wet * 0.06) * (n.z > 0.3 ? 1.0 : 0.3);
    float facing = max(dot(n, view), 0.0);
    float fresnel = mirror + (1.0 - mirror) * pow(1.0 - facing, 5.0) * (surface == 0 ? 0.2 : 0.7 * (surface == 1 ? u_gloss : 1.0));
    float occlusion = mix(mix(0.35, 1.0, smoothstep(-0.05, 0.75, at.z)), 1.0, max(n.z, 0.0) * 0.5);
    vec3 light = ambient(n) * occlusion;
    vec3 highlight = vec3(0.0);
    float towards = dot(n, u_sun);
    if (towards > 0.0 && u_sun_colour.r > 0.0) {
        vec3 q = (u_shade * vec4(at + n * 0.06, 1.0)).xyz;
        float open = q.z < 1.0 ? min(textureLod(u_static_shadow, q, 0.0), textureLod(u_moving_shadow, q, 0.0)) : 1.0;
        light += u_sun_colour * towards * open;
        highlight = u_sun_colour * (shine * open * pow(max(dot(n, normalize(u_sun + view)), 0.0), sharp));
    }
    if (u_lamp_count > 0) light += street_lamps(at, n);
    vec3 r = reflect(-view, n);
    vec3 seen = mirrored(r);
    if (u_lamp_count > 0) seen += street_lamps(at, r) * 0.6;
    return vec4(developed(hazed(mix(c * light, seen, min(fresnel, 1.0)) + highlight + glow, metres)), 1.0);
}
