using System.Globalization;
using System.Runtime.InteropServices;
using RadTex.Data;
using RadTex.Studies;
using RadTex.Text;

namespace RadTex.Cli.Tests;

/// <summary>
/// How much work is done, as the libraries that do it tell (ONEDNN_VERBOSE, MKL_VERBOSE): what a clock shows on a quiet machine alone is seen here on
/// any. A change that does more work fails here; one that does less changes what is expected.
/// </summary>
public sealed class CountedWorkTests
{
    private const int Radiographs = 12, Updates = 3, D = 16, F = 32, EncoderWidth = 32; // of TinyRun's dataset and sizes

    private static readonly bool IsX64 =
        RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.X64;

    [Fact]
    public void A_captioning_update_is_one_pass_of_the_encoder_and_the_products_of_its_real_tokens()
    {
        Assert.SkipUnless(IsX64, "MKL, which counts products, is there on x64 alone");
        using var folder = new TemporaryFolder();
        var dataset = TinyRun.WriteDataset(folder.File("dataset"));
        var (one, three) = (Pretrain(folder, dataset, 1), Pretrain(folder, dataset, 3));
        // What two epochs cost, without start and end.
        double PerEpoch(Func<CountedWork, double> of) => (of(three) - of(one)) / 2;

        PerEpoch(w => w.Convolutions("forward_training")).ShouldBe(20 * Updates); // ResNet-18
        PerEpoch(w => w.Convolutions("backward_weights")).ShouldBe(20 * Updates);
        PerEpoch(w => w.Convolutions("backward_data")).ShouldBe(19 * Updates);    // pictures need no gradient
        PerEpoch(w => w.Images).ShouldBe(Radiographs);

        var vocabulary = WordPieceVocabulary.Load(folder.File("run3/vocab.txt"));
        using var opened = PreparedDataset.Open(dataset);
        var tokenizer = new ReportTokenizer(vocabulary);
        // A caption of n tokens has n - 1 to predict, in each direction; no padded position is among them.
        double tokens = opened.Radiographs.Where(r => r.Split == Split.Train).Sum(r => tokenizer.Encode(r.Text!).Length - 1);
        double direction = tokens * (6 * D * D + 2 * D * F + vocabulary.Count * D) // self-attention 4, cross-attention 2, feed-forward, output
            + Radiographs * 2 * D * D;                                            // keys and values of the one patch
        double forward = 2 * direction + Radiographs * EncoderWidth * D;          // the patch's projection serves both directions
        PerEpoch(w => w.Products).ShouldBe(3 * forward);                          // and twice as much backwards
    }

    [Fact]
    public void Features_are_made_once_for_all_trials_numbers_of_labels_and_findings()
    {
        Assert.SkipUnless(IsX64, "MKL, which counts products, is there on x64 alone");
        using var folder = new TemporaryFolder();
        var dataset = folder.File("dataset");
        Run("phantoms", "--count", "120", "--size", "64", "--out", folder.File("phantoms"));
        Run("prepare", "mimic-cxr-jpg", folder.File("phantoms"), "--out", dataset, "--short-side", "64", "--split", "hash");
        Run(["pretrain", dataset, "--preset", "phantom", "--out", folder.File("run"), "--max-steps", "1", .. Sizes(1)]);
        double Transfer(string name, string labels, int trials) => Run(
            "transfer", folder.File("run/encoder"), dataset, "--labels", labels, "--examples", "10,20", "--trials", $"{trials}", "--out",
            folder.File(name)).Images;
        using var opened = PreparedDataset.Open(dataset);
        int edema = opened.LabelIndex("Edema");
        int test = opened.Radiographs.Count(r => r.Split == Split.Test && r.Labels[edema] is (0 or 1));
        Transfer("once", "Edema", 1).ShouldBe(20 + test); // those drawn, once for both numbers of labels
        int all = opened.IndicesOf(Split.Train).Count + opened.IndicesOf(Split.Test).Count;
        Transfer("many", "Edema,Cardiomegaly", 3).ShouldBeLessThanOrEqualTo(all); // six draws of 20, and two tests
    }

    private static CountedWork Pretrain(TemporaryFolder folder, string dataset, int epochs) =>
        Run(["pretrain", dataset, "--preset", "phantom", "--out", folder.File($"run{epochs}"), .. Sizes(epochs)]);

    private static string[] Sizes(int epochs) =>
        [.. ((string[])[.. TinyRun.Sizes, $"training.epochs={epochs}", "log.validate_every_epochs=0"]).SelectMany(s => (string[])["--set", s])];

    private static CountedWork Run(params string[] words)
    {
        var result = RadTexProcess.RunWith(new() { ["ONEDNN_VERBOSE"] = "1", ["MKL_VERBOSE"] = "1" }, words);
        result.ExitCode.ShouldBe(0, result.Error);
        return CountedWork.Read(result.Output);
    }

    /// <summary>What oneDNN and MKL said they did, a line each.</summary>
    /// <param name="Kinds">Of convolutions, such as forward_training.</param>
    /// <param name="Images">That went through a network's first convolution, forwards.</param>
    /// <param name="Products">Multiplications of matrix products, those of attention's small ones left out.</param>
    private sealed record CountedWork(IReadOnlyList<string> Kinds, double Images, double Products)
    {
        internal int Convolutions(string kind) => Kinds.Count(k => k == kind);

        internal static CountedWork Read(string output)
        {
            var kinds = new List<string>();
            double images = 0, products = 0;
            foreach (var line in output.Split('\n'))
            {
                // onednn_verbose,v1,primitive,exec,cpu,convolution,KERNEL,KIND,TYPES,ATTRIBUTES,ALGORITHM,mb16_ic1oc16_ih96...,MILLISECONDS
                if (line.StartsWith("onednn_verbose,v1,primitive,exec,cpu,convolution,", StringComparison.Ordinal))
                {
                    var cells = line.Split(',');
                    kinds.Add(cells[7]);
                    var shape = cells[^2].Split('_');
                    if (cells[7].StartsWith("forward", StringComparison.Ordinal) && shape[1].StartsWith("ic1oc", StringComparison.Ordinal))
                        images += Number(shape[0][2..]);
                }
                // MKL_VERBOSE SGEMM(T,N,256,144,128,...
                int call = line.IndexOf("MKL_VERBOSE SGEMM(", StringComparison.Ordinal);
                if (call < 0) continue;
                var sizes = line[(call + 18)..].Split(',');
                products += Number(sizes[2]) * Number(sizes[3]) * Number(sizes[4]);
            }
            return new(kinds, images, products);
        }

        private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
