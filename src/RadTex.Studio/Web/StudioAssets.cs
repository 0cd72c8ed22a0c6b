using System.Reflection;

namespace RadTex.Studio.Web;

/// <summary>The script and the style sheets, which are part of the program.</summary>
internal static class StudioAssets
{
    internal static byte[] Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"RadTex.Studio.Web.Assets.{name}")
            ?? throw new InvalidOperationException($"{name} is not part of the program");
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
