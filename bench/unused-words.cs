#:project ../src/RadTex.Learning/RadTex.Learning.csproj

// How much of each token's probability do words have that the corpus never uses, and how long does the output layer take with and without their
// gradients? Decides what training.exact_gradient=false can leave out.
//   dotnet run -c Release bench/unused-words.cs -- RUN DATASET [--threads 1] [--live 4000]
// The first table is of a captioning run on the first 64 reports of its dataset, forward direction, pictures of noise; the second of a layer of
// 31,090 words and width 1,024 in bfloat16 over 2,048 tokens, whose words from --live on are improbable: processor seconds, the median of five.

using System.Diagnostics;
using RadTex.Data;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Native;
using RadTex.Text;
using static TorchSharp.torch;

TorchLibrary.EnsureLoaded();
string Option(string name, string otherwise) => Array.IndexOf(args, name) is >= 0 and int at ? args[at + 1] : otherwise;
int threads = int.Parse(Option("--threads", "1")), live = int.Parse(Option("--live", "4000"));
set_num_threads(threads);
using var generator = new Generator(1);

{
    using var scope = NewDisposeScope();
    using var _ = no_grad();
    var (model, vocabulary, card) = ModelFolder.Read(ModelFolder.Find(args[0]));
    using var data = PreparedDataset.Open(args[1]);
    var tokenizer = new ReportTokenizer(vocabulary, card.Model.MaxTokens, keepEnd: false);
    string[] texts = [.. data.Radiographs.Select(r => r.Text).OfType<string>()];
    var counts = new long[vocabulary.Count];
    foreach (var text in texts)
        foreach (int token in tokenizer.Encode(text)) counts[token]++;
    var packed = CaptionBatch.Pack([.. texts.Take(64).Select(t => tokenizer.Encode(t))]);
    var pictures = rand([Math.Min(64, texts.Length), card.Model.Channels, card.ImageSize, card.ImageSize], generator: generator);
    var probabilities = model.Logits(model.Decode(model.Encode(pictures), packed).Forward).softmax(1);    // [N, V]
    var unused = tensor(Array.ConvertAll(counts, c => c == 0 ? 1f : 0));
    float[] masses = [.. probabilities.mv(unused).data<float>().ToArray().Order()];
    Console.WriteLine(
        $"{counts.Count(c => c > 0):N0} of {counts.Length:N0} words are used.\n\n| share of tokens | unused words have at most |\n| --- | --- |");
    foreach (double share in (double[])[0, 0.1, 0.25, 0.5, 0.75, 0.9, 1])
        Console.WriteLine($"| {share:P0} | {masses[(int)(share * (masses.Length - 1))]:E1} |");
    Console.WriteLine($"| {masses.Count(m => m <= WordBlocks.MostSkipped) / (double)masses.Length:P0} | the bound, {WordBlocks.MostSkipped:E1} |\n");
}

const int words = 31_090, width = 1024, tokens = 2048;
var hidden = randn([tokens, width], generator: generator);
var weight = nn.Parameter(randn([words, width], generator: generator).mul(0.02f));
var values = zeros(words);
values[TensorIndex.Slice(live)] = -14;
var bias = nn.Parameter(values);
var targets = randint(0, live, [tokens], generator: generator);
var blocks = WordBlocks.ByFrequency([.. Enumerable.Range(0, words).Select(i => (long)(words - i))]);
double Seconds(WordBlocks? skipped)
{
    using var scope = NewDisposeScope();
    var own = hidden.clone().requires_grad_();
    var before = Process.GetCurrentProcess().TotalProcessorTime;
    TokenCrossEntropy.Sum(own, weight, bias, targets, ScalarType.BFloat16, 1.0 / tokens, skipped).Sum.backward();
    return (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds;
}
(Seconds(null), Seconds(blocks)).ToString();
List<double> whole = [], some = [];
for (int i = 0; i < 5; i++)
{
    whole.Add(Seconds(null));
    some.Add(Seconds(blocks));
}
static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
Console.WriteLine($"| output layer, {threads} threads | processor seconds |\n| --- | --- |\n| all words | {Median(whole):F2} |");
Console.WriteLine($"| {blocks.TakeSkipped().Share:P0} of the words skipped | {Median(some):F2} |\n| ratio | **{Median(whole) / Median(some):F2}** |");
