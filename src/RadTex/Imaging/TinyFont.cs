namespace RadTex.Imaging;

/// <summary>Capitals, digits and a few signs, five by seven dots each: captions need no font of the host's.</summary>
internal static class TinyFont
{
    internal const int Advance = 6, LineHeight = 10;

    private const string Characters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -.,:/+()#";

    // Five columns a character, the lowest bit on top.
    private static readonly byte[] Columns = Convert.FromHexString(
        "7E1111117E" + "7F49494936" + "3E41414122" + "7F4141221C" + "7F49494941" + "7F09090901" + "3E4149497A" + "7F0808087F" + "00417F4100" + // A-I
        "2040413F01" + "7F08142241" + "7F40404040" + "7F020C027F" + "7F0408107F" + "3E4141413E" + "7F09090906" + "3E4151215E" + "7F09192946" + // J-R
        "4649494931" + "01017F0101" + "3F4040403F" + "1F2040201F" + "3F4038403F" + "6314081463" + "0708700807" + "6151494543" +              // S-Z
                                                                                                                                             // 0-9
        "3E5149453E" + "00427F4000" + "4261514946" + "2141454B31" + "1814127F10" + "2745454539" + "3C4A494930" + "0171090503" + "3649494936"
            + "064949291E" +
        "0000000000" + "0808080808" + "0060600000" + "0050300000" + "0036360000" + "2010080402" + "08083E0808" + "001C224100" + "0041221C00"
            + "147F147F14");

    /// <summary>Writes <paramref name="text"/> in capitals; what lies outside the picture is cut.</summary>
    internal static void Write(byte[] pixels, int width, int x, int y, string text, byte grey, int scale = 1)
    {
        int height = pixels.Length / width;
        foreach (char c in text.ToUpperInvariant())
        {
            int glyph = Math.Max(0, Characters.IndexOf(c)) * 5;
            for (int i = 0; i < 5 * scale; i++)
                for (int j = 0; j < 7 * scale; j++)
                {
                    if ((Columns[glyph + i / scale] >> (j / scale) & 1) == 0) continue;
                    if (x + i >= 0 && x + i < width && y + j >= 0 && y + j < height) pixels[(y + j) * width + x + i] = grey;
                }
            x += Advance * scale;
        }
    }
}
