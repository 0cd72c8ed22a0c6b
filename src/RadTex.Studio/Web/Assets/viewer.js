// Draws a radiograph: sixteen-bit values through a window or a table of greys, by one shader where there is WebGL2, else on a canvas.
// A picture is { pixels, width, height, values }; a look is { greys } or { low, high }, with isFlipped; a look that changes is a new object.
'use strict';
globalThis.openViewer = (() => {
  const MostTextures = 3, LargestSide = 8192; // what the server gives at most

  const Vertices = `#version 300 es
    void main() { gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0); }`;
  // Integer textures are not filtered: the mean over the area of a pixel is taken here, before the window, so that lines and catheters stay.
  const Fragments = `#version 300 es
    precision highp float; precision highp int; precision highp usampler2D;
    uniform usampler2D values;
    uniform sampler2D greys;
    uniform ivec2 size;
    uniform vec4 to; // left, top, width, height on the canvas
    uniform float bottom;
    uniform vec2 range;
    uniform bool isTable, isFlipped;
    out vec4 colour;
    float at(ivec2 p) { return float(texelFetch(values, clamp(p, ivec2(0), size - 1), 0).r); }
    float mean(vec2 low, vec2 high) {
      float sum = 0.0;
      for (int y = int(low.y); y < int(ceil(high.y)); y++) {
        float height = min(high.y, float(y + 1)) - max(low.y, float(y));
        for (int x = int(low.x); x < int(ceil(high.x)); x++)
          sum += at(ivec2(x, y)) * height * (min(high.x, float(x + 1)) - max(low.x, float(x)));
      }
      return sum / ((high.x - low.x) * (high.y - low.y));
    }
    float between(vec2 p) {
      ivec2 first = ivec2(floor(p));
      vec2 part = p - floor(p);
      return mix(mix(at(first), at(first + ivec2(1, 0)), part.x), mix(at(first + ivec2(0, 1)), at(first + ivec2(1, 1)), part.x), part.y);
    }
    void main() {
      vec2 pixel = vec2(gl_FragCoord.x, bottom - gl_FragCoord.y) - to.xy;
      if (any(lessThan(pixel, vec2(0.0))) || any(greaterThanEqual(pixel, to.zw))) { colour = vec4(0.0, 0.0, 0.0, 1.0); return; }
      vec2 each = vec2(size) / to.zw, centre = pixel * each;
      bool isSmaller = each.x > 1.0 || each.y > 1.0;
      float value = isSmaller ? mean(max(centre - each / 2.0, 0.0), min(centre + each / 2.0, vec2(size))) : between(centre - 0.5);
      int whole = int(value + 0.5);
      float grey = isTable ? texelFetch(greys, ivec2(whole & 255, whole >> 8), 0).r
        : floor(255.0 * clamp((value - range.x) / max(1.0, range.y - range.x), 0.0, 1.0) + 0.5) / 255.0;
      colour = vec4(vec3(isFlipped ? 1.0 - grey : grey), 1.0);
    }`;

  const Software = /swiftshader|llvmpipe|softpipe|software|basic render/i;
  function rendererOf(gl) {
    const names = gl.getExtension('WEBGL_debug_renderer_info');
    return String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  }

  function openShader(canvas, isForced) {
    // Where the browser draws it without a graphics card a canvas is faster; not every browser says so by the caveat.
    const gl = canvas.getContext('webgl2', { alpha: false, antialias: false, depth: false, failIfMajorPerformanceCaveat: !isForced });
    if (!gl || !isForced && Software.test(rendererOf(gl))) return null;
    const program = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, Vertices], [gl.FRAGMENT_SHADER, Fragments]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
    gl.useProgram(program);
    const uniform = name => gl.getUniformLocation(program, name);
    const names = Object.fromEntries(['values', 'greys', 'size', 'to', 'bottom', 'range', 'isTable', 'isFlipped'].map(n => [n, uniform(n)]));
    gl.uniform1i(names.values, 0);
    gl.uniform1i(names.greys, 1);
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    const textures = new Map(); // by picture; the oldest are let go
    function texture(unit, made) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, made);
      for (const side of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, side, gl.NEAREST);
      for (const side of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, side, gl.CLAMP_TO_EDGE);
    }
    function bind(picture) {
      const known = textures.get(picture);
      if (known) { gl.activeTexture(gl.TEXTURE0); gl.bindTexture(gl.TEXTURE_2D, known); return; }
      const made = gl.createTexture();
      texture(0, made);
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R16UI, picture.width, picture.height, 0, gl.RED_INTEGER, gl.UNSIGNED_SHORT, picture.pixels);
      textures.set(picture, made);
      if (textures.size > MostTextures) { const [oldest, old] = textures.entries().next().value; gl.deleteTexture(old); textures.delete(oldest); }
    }
    const table = new Uint8Array(65536);
    let lastLook = null;
    texture(1, gl.createTexture());
    return {
      name: 'WebGL2',
      canvas,
      mostSide: Math.min(LargestSide, gl.getParameter(gl.MAX_TEXTURE_SIZE)),
      draw(picture, look, to) {
        gl.viewport(0, 0, canvas.width, canvas.height);
        if (!picture) { gl.clearColor(0, 0, 0, 1); gl.clear(gl.COLOR_BUFFER_BIT); return; }
        bind(picture);
        if (look !== lastLook) {
          lastLook = look;
          if (look.greys) {
            table.set(look.greys);
            gl.activeTexture(gl.TEXTURE1);
            gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, 256, 256, 0, gl.RED, gl.UNSIGNED_BYTE, table);
          }
          else gl.uniform2f(names.range, look.low, look.high);
          gl.uniform1i(names.isTable, look.greys ? 1 : 0);
          gl.uniform1i(names.isFlipped, look.isFlipped ? 1 : 0);
        }
        gl.uniform2i(names.size, picture.width, picture.height);
        gl.uniform4f(names.to, to.x, to.y, to.width, to.height);
        gl.uniform1f(names.bottom, canvas.height);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
      },
    };
  }

  function fresh(canvas) { // a canvas keeps the kind of drawing it began with
    const other = canvas.cloneNode();
    canvas.replaceWith(other);
    return other;
  }

  function openCanvas(canvas) {
    const pen = canvas.getContext('2d', { alpha: false });
    if (!pen) return openCanvas(fresh(canvas)); // a shader had it and could not go on
    const lut = new Uint32Array(65536);
    const sheet = document.createElement('canvas'), sheetPen = sheet.getContext('2d', { alpha: false });
    let lastLook = null, lastPicture = null;
    function fill({ greys, low, high, isFlipped }, values) {
      for (let value = 0; value < values; value++) {
        let grey = greys ? greys[value] : Math.max(0, Math.min(255, Math.round(255 * (value - low) / Math.max(1, high - low))));
        if (isFlipped) grey = 255 - grey;
        lut[value] = 0xff000000 | grey << 16 | grey << 8 | grey;
      }
    }
    function drawSheet({ pixels, width, height }) {
      if (sheet.width !== width || sheet.height !== height) [sheet.width, sheet.height] = [width, height];
      const image = sheetPen.createImageData(width, height), out = new Uint32Array(image.data.buffer);
      for (let i = 0; i < pixels.length; i++) out[i] = lut[pixels[i]];
      sheetPen.putImageData(image, 0, 0);
    }
    return {
      name: 'Canvas',
      canvas,
      mostSide: Infinity,
      draw(picture, look, to) {
        pen.fillStyle = '#000';
        pen.fillRect(0, 0, canvas.width, canvas.height);
        if (!picture) return;
        if (look !== lastLook) fill(look, picture.values);
        if (look !== lastLook || picture !== lastPicture) drawSheet(picture);
        [lastLook, lastPicture] = [look, picture];
        pen.imageSmoothingEnabled = to.width !== sheet.width;
        pen.imageSmoothingQuality = 'high';
        pen.drawImage(sheet, to.x, to.y, to.width, to.height);
      },
    };
  }

  /** wanted: 'WebGL2' even without a graphics card, 'Canvas', or nothing for what is faster here. */
  return (canvas, wanted) => (wanted === 'Canvas' ? null : openShader(canvas, wanted === 'WebGL2')) ?? openCanvas(canvas);
})();
