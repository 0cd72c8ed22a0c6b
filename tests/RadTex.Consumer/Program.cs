using System.Globalization;
using NetVips;
using RadTex.Data;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Metrics;
using RadTex.Prediction;
using RadTex.Preparing;
using RadTex.Studies;
using RadTex.Studies.Archives;
using RadTex.Studies.Tables;
using RadTex.Text;

// A program of somebody else that references RadTex alone and uses what a hospital and a labelling page need: pictures and a table into a dataset,
// its reports into tokens, a head on features, a model's answers. It prints a line a step. Arguments: an empty folder; an exported classifier.
var (folder, model) = (args[0], args[1]);
var german = new CultureInfo("") // as de-DE writes numbers, on machines without cultures too
{
    NumberFormat = new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." },
};
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = german;

// Imaging: pictures are written, and read as the dataset will.
const int count = 24, side = 64;
var pictures = Directory.CreateDirectory(Path.Combine(folder, "pictures")).FullName;
for (int i = 0; i < count; i++)
{
    var pixels = new byte[side * side];
    for (int p = 0; p < pixels.Length; p++) pixels[p] = (byte)(60 + 100 * (i % 2) * (p % side) / side + (p * 7 + i * 13) % 40);
    using var image = Image.NewFromMemory(pixels, side, side, 1, Enums.BandFormat.Uchar);
    image.WriteToFile(Path.Combine(pictures, $"{i:00}.png"));
}
var grey = new GreyImageReader(32).Read(Path.Combine(pictures, "00.png"));
Console.WriteLine($"imaging: {grey.Height} x {grey.Width}");

// Data: an archive of one's own, prepared, opened again.
var source = new Drawn(pictures, count);
DatasetPreparation.Run(source, new PreparationOptions(Path.Combine(folder, "dataset"), new StudyOptions(), ShortSide: 32));
using var dataset = PreparedDataset.Open(Path.Combine(folder, "dataset"));
Console.WriteLine($"data: {dataset.Count} radiographs, {string.Join(", ", dataset.LabelNames)}");

// Text.
var vocabulary = VocabularyBuilder.Build(CaptionCorpus.Read(dataset.Folder), 60);
var tokenizer = new ReportTokenizer(vocabulary);
Console.WriteLine($"text: {tokenizer.Decode(tokenizer.Encode("The lungs are clear."))}");

// Heads: mean grey levels of the four quarters are the features.
var features = new RadiographFeatures(dataset.Radiographs, dataset.LabelNames, 4, [.. dataset.Radiographs.SelectMany(r => Quarters(r.Index))]);
int[] rows = [.. Enumerable.Range(0, count)], classes = [.. rows.Select(i => (int)dataset[i].Labels[0]!)];
var fitted = LogisticHead.Fit(features, rows, classes, 2, seed: 1);
var auc = Roc.Auc(fitted.Head.Probabilities(features), [.. classes.Select(c => c == 1)]);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"heads: AUC {auc:0.00} on its own examples"));

// Prediction.
using var classifier = OnnxRadiographModel.Open(model);
var predictions = Predictions.Run(classifier, [pictures], judgeAll: true);
Console.WriteLine($"prediction: {predictions.Probabilities.Count} pictures by {predictions.Runtime}");

IEnumerable<float> Quarters(int index)
{
    var (pixels, height, width) = (dataset.Pixels(index).ToArray(), dataset[index].Height, dataset[index].Width);
    for (int quarter = 0; quarter < 4; quarter++)
    {
        int top = quarter / 2 * (height / 2), left = quarter % 2 * (width / 2);
        double sum = 0;
        for (int y = top; y < top + height / 2; y++)
            for (int x = left; x < left + width / 2; x++) sum += pixels[y * width + x];
        yield return (float)(sum / (height / 2 * (width / 2)));
    }
}

/// <summary>An archive of this program's own.</summary>
internal sealed class Drawn(string root, int count) : StudySource
{
    public override string Name => "drawn";

    public override string Root => root;

    public override bool TextsAreReports => false;

    protected override SourceTables ReadTables(StudyOptions options, CancellationToken cancellation) =>
        new(["odd"], Enumerable.Range(0, count).Select(List), new SourceFolder(Root), []) { NoSplitReason = "drawn pictures have no split" };

    private static Radiograph List(int i) => new(
        $"{i:00}.png", $"patient {i}", $"study {i}", "PA", $"{i:00}.png", "The lungs are clear.", null, null, [i % 2], "drawn", i + 1);
}
