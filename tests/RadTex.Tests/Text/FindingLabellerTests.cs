using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using RadTex.Metrics;
using RadTex.Text;

namespace RadTex.Tests.Text;

public sealed class FindingLabellerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("There is a small left pleural effusion.", "Pleural Effusion +")]
    [InlineData("No pleural effusion or pneumothorax.", "Pleural Effusion -, Pneumothorax -, No Finding +")]
    [InlineData("The heart is not enlarged.", "Cardiomegaly -, No Finding +")]
    [InlineData("The heart is moderately enlarged, without edema.", "Cardiomegaly +, Edema -")]
    [InlineData("Borderline heart size.", "Cardiomegaly ?")]
    [InlineData("No change in the right basilar opacity.", "Lung Opacity +")]
    [InlineData("Opacity at the left base may represent atelectasis.", "Lung Opacity +, Atelectasis ?")]
    [InlineData("Patchy opacities concerning for pneumonia.", "Lung Opacity +, Pneumonia ?")]
    [InlineData("The left pleural effusion has resolved.", "Pleural Effusion -, No Finding +")]
    [InlineData("No edema, but a moderate effusion persists.", "Edema -, Pleural Effusion +")]
    [InlineData("Right PICC ends in the SVC.", "Support Devices +, No Finding +")]
    [InlineData("No acute fracture. Nodule in the left upper lobe.", "Fracture -, Lung Lesion +")]
    [InlineData("Possible effusion. A definite effusion on the other side.", "Pleural Effusion +")]
    [InlineData("", "No Finding +")]
    public void A_sentence_states_doubts_or_denies(string report, string expected)
    {
        var found = FindingLabeller.Label(report)
            .Select(l => $"{l.Key} {l.Value switch { Mention.Positive => "+", Mention.Uncertain => "?", _ => "-" }}");
        found.ShouldBe(expected.Split(", "), ignoreOrder: true);
    }

    [Fact]
    public void Mentions_say_where_they_are()
    {
        const string text = "Lungs are clear. Mild Cardiomegaly is seen.";
        var mention = FindingLabeller.Mentions(text).ShouldHaveSingleItem();
        text.Substring(mention.Start, mention.Length).ShouldBe("Cardiomegaly");
    }

    [Fact]
    public void Words_of_the_sentence_before_do_not_reach_a_finding()
    {
        const string text = "Is a fracture seen: no?! Edema is seen; effusion: no... Pneumonia is seen";
        FindingLabeller.Mentions(text).Where(m => m.Finding is "Edema" or "Pneumonia")
            .Select(m => (text.Substring(m.Start, m.Length), m.Status)).ShouldBe([("Edema", Mention.Positive), ("Pneumonia", Mention.Positive)]);
    }

    [Fact]
    public void Stated_is_what_is_positive_and_neither_doubted_denied_nor_blank()
    {
        var stated = FindingLabeller.States("Mild edema. Possible pneumonia. No effusion. Right PICC ends in the SVC.");
        ChexpertFindings.Names.Zip(stated).Where(f => f.Second).Select(f => f.First).ShouldBe(["Edema", "Support Devices"]);
        ChexpertFindings.Names.ShouldBe(
        [
            "Atelectasis", "Cardiomegaly", "Consolidation", "Edema", "Enlarged Cardiomediastinum", "Fracture", "Lung Lesion", "Lung Opacity",
            "No Finding", "Pleural Effusion", "Pleural Other", "Pneumonia", "Pneumothorax", "Support Devices",
        ]);
    }

    [Fact]
    public void Any_text_is_labelled_in_linear_time()
    {
        FindingLabeller.Label(string.Concat(Enumerable.Repeat("heart and lungs ", 5_000)));
        FindingLabeller.Label(new string('\uD800', 100) + " effusion \0").ShouldContainKey("Pleural Effusion");
    }

    // The indexers' MeSH terms of each report against the rules, on the half that no rule was tuned on.
    [Fact]
    public void Open_i_reports_of_the_untouched_half_agree_with_their_mesh_terms()
    {
        var reports = OpenIReports(SharedData.Require("open-i/NLMCXR_reports.tgz"))
            .Where(r => (SHA256.HashData(Encoding.ASCII.GetBytes(r.Id))[0] & 1) == 1).ToList();
        output.WriteLine($"{reports.Count} reports");
        string[] findings = ["Cardiomegaly", "Pleural Effusion", "Atelectasis", "Lung Opacity"];
        foreach (var finding in findings)
        {
            var (missed, invented) = (new List<string>(), new List<string>());
            int hits = 0;
            foreach (var (id, text, terms) in reports)
            {
                bool isTrue = terms.Exists(term => Says(term, finding));
                bool isFound = FindingLabeller.Label(text).TryGetValue(finding, out var status) && status == Mention.Positive;
                if (isTrue && isFound) hits++;
                else if (isTrue) missed.Add(id);
                else if (isFound) invented.Add(id);
            }
            var counts = new ConfusionCounts(hits, invented.Count, reports.Count - hits - invented.Count - missed.Count, missed.Count);
            output.WriteLine(
                $"{finding}: precision {counts.Precision:F3}, recall {counts.Recall:F3}, F1 {counts.F1:F3} ({hits} + {missed.Count} reports)");
            output.WriteLine($"  missed: {string.Join(' ', missed)}");
            output.WriteLine($"  invented: {string.Join(' ', invented)}");
            counts.F1.ShouldBeGreaterThanOrEqualTo(0.8, finding);
        }
    }

    // Lung Opacity is CheXpert's: opacities, infiltrates, airspace disease and densities of the lung.
    private static bool Says(string term, string finding) => finding switch
    {
        "Atelectasis" => term.Split('/')[0] == "Pulmonary Atelectasis",
        "Lung Opacity" =>
            term.Split('/')[0] is "Opacity" or "Infiltrate" or "Airspace Disease" || term.StartsWith("Density/lung", StringComparison.Ordinal),
        _ => term.Split('/')[0] == finding,
    };

    private static IEnumerable<(string Id, string Text, List<string> Terms)> OpenIReports(string archive)
    {
        using var packed = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(packed);
        while (tar.GetNextEntry() is { } entry)
        {
            if (!entry.Name.EndsWith(".xml", StringComparison.Ordinal) || entry.DataStream is null) continue;
            using var reader = XmlReader.Create(entry.DataStream, new() { DtdProcessing = DtdProcessing.Prohibit });
            var report = XDocument.Load(reader);
            string Section(string name) => report.Descendants("AbstractText").FirstOrDefault(t => (string?)t.Attribute("Label") == name)?.Value ?? "";
            yield return (
                (string)report.Descendants("uId").First().Attribute("id")!, Section("FINDINGS") + ".\n" + Section("IMPRESSION"),
                [.. report.Descendants("major").Select(m => m.Value)]);
        }
    }
}
