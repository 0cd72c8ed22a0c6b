using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Phantoms;

namespace RadTex.Cli.Tests;

/// <summary>Small good inputs of every kind that commands take, made once for a class of tests; words in braces name them.</summary>
public sealed class TinyInputs : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly Dictionary<string, string> names = [];
    private int made;

    public TinyInputs()
    {
        File.WriteAllText(Add("notes", "notes.txt"), "mine, and no input of any kind\n");
        Directory.CreateDirectory(Add("foreign", "foreign"));
        File.WriteAllText(folder.File("foreign/thesis.tex"), "mine");
        Directory.CreateSymbolicLink(Add("link", "link"), folder.File("foreign"));
        File.WriteAllText(Add("text", "captions.txt"), string.Concat(Enumerable.Repeat("No pleural effusion. The heart is large.\n", 20)));
        TinyTransfer.WriteDataset(Add("dataset", "dataset"), 30);
        TinyReader.WriteDataset(Add("reports", "reports"), 8);
        TinyReader.Write(Add("run", "run"));
        using (var source = TinyTransfer.Encoder(0)) EncoderFolder.Write(Add("encoder", "encoder"), source.Encoder, source.Card);
        using (var encoder = Encoders.Create(new("resnet18", 4, 3)))
            SafeTensors.Write(Add("weights", "weights.safetensors"), ModuleWeights.Of(encoder));
        PhantomArchive.Write(new(3, ShortSidePixels: 64), Add("phantoms", "phantoms"));
        Directory.CreateDirectory(Add("pictures", "pictures"));
        foreach (var (picture, i) in Directory.GetFiles(folder.File("phantoms"), "*.jpg", SearchOption.AllDirectories).Select((p, i) => (p, i)))
            File.Copy(picture, folder.File($"pictures/{i}.jpg"));
        File.WriteAllText(Add("table", "table.csv"), "image,patient,text,edema\npictures/0.jpg,a,No effusion.,1\npictures/1.jpg,b,Effusion.,0\n");
        names["nowhere"] = folder.File("nowhere");
    }

    /// <summary>The folder all lie in.</summary>
    internal string Root => folder.Path;

    /// <summary>The path of a good input.</summary>
    internal string this[string name] => names[name];

    /// <summary>A command line as words, its names in braces filled in; "{new}" is a name that is free, "{empty}" no name at all.</summary>
    internal string[] Words(string line)
    {
        names["new"] = folder.File($"new{Interlocked.Increment(ref made)}");
        return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word =>
        {
            if (word == "{empty}") return "";
            foreach (var (name, path) in names) word = word.Replace($"{{{name}}}", path, StringComparison.Ordinal);
            return word;
        })];
    }

    public void Dispose() => folder.Dispose();

    private string Add(string name, string file) => names[name] = folder.File(file);
}
