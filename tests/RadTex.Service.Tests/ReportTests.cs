using System.Text.Json;
using RadTex.Imaging.Dicom.Reports;
using RadTex.Service.Judging;

namespace RadTex.Service.Tests;

/// <summary>Reports and maps against the standard: rows of the templates, the IODs, and what other programs read.</summary>
public sealed class ReportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    // A row of PS3.16: where it stands, its relationship to its parent, value type, concept, how often at least and at most.
    private sealed record Row(string Template, string Parent, string Relation, string Type, string Concept, int Least, int Most);

    private static readonly Row[] Rows =
    [
        new("TID 1204 1", "126000 DCM", "HAS CONCEPT MOD", "CODE", "121049 DCM", 1, 1),
        new("TID 1001/1004 device", "126000 DCM", "HAS OBS CONTEXT", "CODE", "121005 DCM", 1, 1),
        new("TID 1004 1", "126000 DCM", "HAS OBS CONTEXT", "UIDREF", "121012 DCM", 1, 1),
        new("TID 1004 2", "126000 DCM", "HAS OBS CONTEXT", "TEXT", "121013 DCM", 0, 1),
        new("TID 1004 3", "126000 DCM", "HAS OBS CONTEXT", "TEXT", "121014 DCM", 0, 1),
        new("TID 1004 4", "126000 DCM", "HAS OBS CONTEXT", "TEXT", "121015 DCM", 0, 1),
        new("TID 1500 4", "126000 DCM", "HAS CONCEPT MOD", "CODE", "121058 DCM", 1, 9),
        new("TID 1600 1", "126000 DCM", "CONTAINS", "CONTAINER", "111028 DCM", 1, 1),
        new("TID 1600 2", "111028 DCM", "CONTAINS", "CONTAINER", "126200 DCM", 1, 99),
        new("TID 1601 1", "126200 DCM", "CONTAINS", "IMAGE", "", 1, 99),
        new("TID 1500 measurements", "126000 DCM", "CONTAINS", "CONTAINER", "126010 DCM", 0, 1),
        new("TID 1501 1", "126010 DCM", "CONTAINS", "CONTAINER", "125007 DCM", 1, 99),
        new("TID 1501 2", "125007 DCM", "HAS OBS CONTEXT", "TEXT", "112039 DCM", 1, 1),
        new("TID 1501 3", "125007 DCM", "HAS OBS CONTEXT", "UIDREF", "112040 DCM", 1, 1),
        new("TID 1501 3b", "125007 DCM", "CONTAINS", "CODE", "121071 DCM", 1, 1),
        new("TID 1501 9b, TID 4019 1", "125007 DCM", "HAS CONCEPT MOD", "TEXT", "111001 DCM", 1, 1),
        new("TID 1501 9b, TID 4019 2", "125007 DCM", "HAS CONCEPT MOD", "TEXT", "111003 DCM", 1, 1),
        new("TID 1501 9b, TID 4019 3", "125007 DCM", "HAS CONCEPT MOD", "TEXT", "111002 DCM", 0, 9),
        new("TID 1501 10, TID 300 1", "125007 DCM", "CONTAINS", "NUM", "PROBABILITY 99RADTEX", 1, 1),
        new("TID 1501 10b", "125007 DCM", "CONTAINS", "IMAGE", "121112 DCM", 1, 99),
        new("TID 1501 11", "125007 DCM", "CONTAINS", "CODE", "PRESENCE 99RADTEX", 0, 1),
        new("TID 1500 qualitative", "126000 DCM", "CONTAINS", "CONTAINER", "C0034375 UMLS", 0, 1),
        new("TID 1500 qualitative text", "C0034375 UMLS", "CONTAINS", "TEXT", "NOTICE 99RADTEX", 1, 1),
        new("TID 1500 qualitative text", "C0034375 UMLS", "CONTAINS", "TEXT", "NOT_JUDGED 99RADTEX", 0, 1),
    ];

    // Debian's pydicom reads the report as an independent program: the tree as lists of [relation, type, concept, children].
    private const string Tree = """
        import json, sys, pydicom
        d = pydicom.dcmread(sys.argv[1])
        def concept(i):
            s = i.get('ConceptNameCodeSequence')
            return f'{s[0].CodeValue} {s[0].CodingSchemeDesignator}' if s else ''
        def value(i):
            if i.ValueType == 'NUM': return [str(i.MeasuredValueSequence[0].NumericValue), i.MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue]
            if i.ValueType == 'CODE': return i.ConceptCodeSequence[0].CodeMeaning
            if i.ValueType == 'IMAGE': return i.ReferencedSOPSequence[0].ReferencedSOPInstanceUID
            return str(i.get('TextValue', i.get('UID', '')))
        def walk(i):
            return [i.get('RelationshipType', ''), i.ValueType, concept(i), value(i), [walk(c) for c in i.get('ContentSequence', [])]]
        e = d.CurrentRequestedProcedureEvidenceSequence[0]
        q = d.ContributingEquipmentSequence[0] if 'ContributingEquipmentSequence' in d else None
        print(json.dumps({'tree': walk(d), 'template': d.ContentTemplateSequence[0].TemplateIdentifier, 'class': d.SOPClassUID,
            'complete': d.CompletionFlag, 'verified': d.VerificationFlag, 'evidence': e.ReferencedSeriesSequence[0].ReferencedSOPSequence[0].ReferencedSOPInstanceUID,
            'study': d.StudyInstanceUID, 'series': d.SeriesInstanceUID, 'scheme': [s.CodingSchemeDesignator for s in d.CodingSchemeIdentificationSequence],
            'equipment': [q.Manufacturer, list(q.SoftwareVersions), q.PurposeOfReferenceCodeSequence[0].CodeValue] if q else [],
            'private': [str(x.tag) for x in d if x.tag.is_private], 'patient': str(d.PatientName), 'description': d.SeriesDescription}))
        """;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_report_has_the_rows_of_its_templates_and_no_other(bool isRefused)
    {
        await using var service = await SmallService.StartAsync();
        var document = Radiographs.Dicom(0);
        if (isRefused) document.Text(0x0018_5101, "CS", "LL");
        var answer = await service.AnswerAsync(document.ToBytes());
        await service.IdleAsync();
        var path = service.Archive.ShouldHaveSingleItem();
        ExternalProgram.Run("dciodvfy", "dicom3tools", path); // exits with 1 on an error
        using var read = JsonDocument.Parse(ExternalProgram.RunPython("pydicom", Tree, path));
        var root = read.RootElement;
        root.GetProperty("class").GetString().ShouldBe(MeasurementReport.Comprehensive3DSr);
        root.GetProperty("template").GetString().ShouldBe("1500");
        (root.GetProperty("complete").GetString(), root.GetProperty("verified").GetString()).ShouldBe(("COMPLETE", "UNVERIFIED"));
        root.GetProperty("evidence").GetString().ShouldBe(Radiographs.Uid(0));
        root.GetProperty("study").GetString().ShouldBe(Radiographs.Uid(0) + ".1");
        root.GetProperty("series").GetString().ShouldNotBe(Radiographs.Uid(0) + ".2");
        root.GetProperty("private").GetArrayLength().ShouldBe(0);
        root.GetProperty("scheme")[0].GetString().ShouldBe("99RADTEX");
        root.GetProperty("description").GetString().ShouldBe("RadTex findings: Not for diagnostic use");
        root.GetProperty("equipment").GetRawText().ShouldBe($"[\"RadTex\", [\"{AnswerFiles.Observer.Version}\", \"{service.Sha256}\"], \"109102\"]");
        var tree = root.GetProperty("tree");
        tree[2].GetString().ShouldBe("126000 DCM");
        Check(tree, "126000 DCM");
        if (isRefused) return;
        var groups = Descendants(tree).Where(n => n[2].GetString() == "125007 DCM").ToArray();
        groups.Length.ShouldBe(2);
        for (int i = 0; i < 2; i++)
        {
            var children = groups[i][4].EnumerateArray().ToDictionary(c => c[2].GetString()!, c => c[3]);
            float told = float.Parse(children["PROBABILITY 99RADTEX"][0].GetString()!, System.Globalization.CultureInfo.InvariantCulture);
            told.ShouldBe(answer.Findings[i].Probability);
            children["PROBABILITY 99RADTEX"][1].GetString().ShouldBe("1");
            children["121112 DCM"].GetString().ShouldBe(Radiographs.Uid(0));
            children["111003 DCM"].GetString().ShouldBe(service.Sha256);
            // Present or absent only where the head has an operating point.
            children.ContainsKey("PRESENCE 99RADTEX").ShouldBe(answer.Findings[i].Decision is not null);
        }
    }

    [Fact]
    public async Task What_the_patient_is_called_is_copied_byte_for_byte_in_its_own_character_set()
    {
        await using var service = await SmallService.StartAsync();
        byte[] name = [0xBB, 0xE0, 0xDC, 0xCC, 0x5E, 0xBC, 0x20]; // ISO_IR 144, Cyrillic
        await service.AnswerAsync(Radiographs.Dicom(0).Text(0x0008_0005, "CS", "ISO_IR 144").Bytes(0x0010_0010, "PN", [.. name, 0x20]).ToBytes());
        await service.IdleAsync();
        var report = await File.ReadAllBytesAsync(service.Archive[0], Cancellation);
        report.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x10, 0, 0x10, 0, (byte)'P', (byte)'N', 8, 0, .. name, 0x20]).ShouldBeGreaterThan(0);
        report.AsSpan().IndexOf("ISO_IR 144"u8).ShouldBeGreaterThan(0);
        ExternalProgram.Run("dciodvfy", "dicom3tools", service.Archive[0]);
    }

    [Fact]
    public async Task A_map_is_a_secondary_capture_with_the_warning_in_its_pixels()
    {
        await using var service = await SmallService.StartAsync(s => s.Settings with { Answers = new() { Maps = ["Edema"] } });
        var answer = await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        service.Archive.Length.ShouldBe(2);
        var map = service.Archive.Single(f => Path.GetFileNameWithoutExtension(f) != answer.Report);
        ExternalProgram.Run("dciodvfy", "dicom3tools", map);
        var read = ExternalProgram.RunPython("pydicom", """
            import sys, pydicom
            d = pydicom.dcmread(sys.argv[1])
            rows = d.Rows - 78
            text = bytes(d.PixelData)[3 * rows * d.Columns:]
            print(d.SOPClassUID, d.BurnedInAnnotation, list(d.ImageType), d.PhotometricInterpretation, d.StudyInstanceUID, set(text) == {0, 255},
                d.SourceImageSequence[0].ReferencedSOPInstanceUID)
            """, map);
        read.Trim().ShouldBe($"1.2.840.10008.5.1.4.1.1.7 YES ['DERIVED', 'SECONDARY'] RGB {Radiographs.Uid(0)}.1 True {Radiographs.Uid(0)}");
    }

    [Fact]
    public async Task The_same_radiograph_model_and_configuration_have_the_same_identifiers_and_others_have_others()
    {
        async Task<string> Report(Func<SmallService, Settings.ServiceSettings> change)
        {
            await using var service = await SmallService.StartAsync(change);
            return (await service.AnswerAsync(Radiographs.Bytes(0))).Report!;
        }
        var one = await Report(s => s.Settings);
        one.ShouldStartWith("2.25.");
        one.Length.ShouldBeLessThanOrEqualTo(64);
        (await Report(s => s.Settings)).ShouldBe(one);
        (await Report(s => s.Settings with { Answers = new() { Maps = ["Edema"] } })).ShouldNotBe(one);
        (await Report(s =>
        {
            new Models.ModelRegistry(s.Settings.Models).Add(DrawnEncoder.WriteClassifier(s.File("b.onnx"), bias: 2), SmallService.Model);
            return s.Settings;
        })).ShouldNotBe(one);
    }

    // Each item is a row of its parent's, each row is there as often as it may be, and rows come in their order.
    private static void Check(JsonElement node, string parent)
    {
        var children = node[4].EnumerateArray().ToArray();
        var rows = Rows.Where(r => r.Parent == parent).ToArray();
        int[] places =
        [
            .. children.Select(
                c => Array.FindIndex(rows, r => r.Relation == c[0].GetString() && r.Type == c[1].GetString() && r.Concept == c[2].GetString())),
        ];
        for (int i = 0; i < children.Length; i++)
            places[i].ShouldBeGreaterThanOrEqualTo(0, $"no row below '{parent}' for {children[i].GetRawText()}");
        if (parent != "C0034375 UMLS") places.ShouldBe([.. places.Order()], $"order below '{parent}'");
        for (int i = 0; i < rows.Length; i++) places.Count(p => p == i).ShouldBeInRange(rows[i].Least, rows[i].Most, rows[i].Template);
        foreach (var child in children) Check(child, child[2].GetString()!);
    }

    private static IEnumerable<JsonElement> Descendants(JsonElement node) => node[4].EnumerateArray().SelectMany(c => Descendants(c).Prepend(c));
}
