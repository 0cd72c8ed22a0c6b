using System.Net;
using System.Text.Json;
using RadTex.Imaging.Dicom;
using RadTex.Prediction;

namespace RadTex.Service.Tests;

/// <summary>From a file given to an answer told and sent.</summary>
public sealed class AnswerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_has_the_numbers_that_predict_gives_to_the_bit_however_many_come_at_once()
    {
        await using var service = await SmallService.StartAsync();
        var paths = Enumerable.Range(0, 12).Select(i => Radiographs.Dicom(i).Write(service.File($"r{i:00}.dcm"))).ToArray();
        using var model = OnnxRadiographModel.Open(service.ModelPath);
        var predicted = Predictions.Run(model, paths, cancellation: Cancellation);
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => service.AnswerAsync(Radiographs.Bytes(i))));
        for (int i = 0; i < 12; i++)
        {
            answers[i].SopInstance.ShouldBe(Radiographs.Uid(i));
            answers[i].ModelSha256.ShouldBe(service.Sha256);
            answers[i].NotJudged.ShouldBeNull(answers[i].Reason);
            answers[i].Findings.Select(f => BitConverter.SingleToUInt32Bits(f.Probability))
                .ShouldBe(predicted.Probabilities[i].Select(BitConverter.SingleToUInt32Bits));
            answers[i].Findings.Select(f => f.Decision).ShouldBe(model.Notes.Outputs.Select((o, k) => o.DecisionAt(predicted.Probabilities[i][k])));
        }
    }

    [Fact]
    public async Task The_same_instance_again_answers_the_same_and_is_sent_once()
    {
        await using var service = await SmallService.StartAsync();
        using var first = await service.PostAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        var sent = service.Archive.ShouldHaveSingleItem();
        byte[] report = await File.ReadAllBytesAsync(sent, Cancellation);
        using var again = await service.PostAsync(Radiographs.Bytes(0));
        again.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await again.Content.ReadAsStringAsync(Cancellation)).ShouldBe(await first.Content.ReadAsStringAsync(Cancellation));
        await service.IdleAsync();
        service.Archive.ShouldHaveSingleItem();
        byte[] told = await service.Client.GetByteArrayAsync($"{again.Headers.Location}/report", Cancellation);
        told.ShouldBe(report);
    }

    [Fact]
    public async Task Another_file_head_is_the_same_content_and_other_pixels_are_refused()
    {
        await using var service = await SmallService.StartAsync();
        byte[] bytes = Radiographs.Bytes(0);
        await service.AnswerAsync(bytes);
        byte[] otherPreamble = [.. bytes];
        otherPreamble[5] = 7;
        await service.AnswerAsync(otherPreamble);
        byte[] otherPixel = [.. bytes];
        otherPixel[^20] ^= 1;
        using var refused = await service.PostAsync(otherPixel);
        refused.StatusCode.ShouldBe(HttpStatusCode.Conflict);
        service.Log.ShouldContain("other_content");
        service.Running.Spool.Audit.Read().ShouldContain(l => l.Entry.Note == "other_content" && l.Entry.SopInstance == Radiographs.Uid(0));
    }

    [Fact]
    public async Task Pictures_are_answered_and_never_sent()
    {
        await using var service = await SmallService.StartAsync();
        byte[] png = await File.ReadAllBytesAsync(Radiographs.WritePng(service.File("a.png"), 1), Cancellation);
        var answer = await service.AnswerAsync(png, "image/png");
        answer.Findings.Count.ShouldBe(2);
        (answer.SopInstance, answer.Report).ShouldBe(("", null));
        await service.IdleAsync();
        service.Archive.ShouldBeEmpty();
    }

    [Fact]
    public async Task Parts_are_answered_in_their_order_and_a_broken_one_beside_the_others()
    {
        await using var service = await SmallService.StartAsync();
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(Radiographs.Bytes(0)), "file", "a.dcm" }, { new ByteArrayContent([1, 2, 3]), "file", "b.dcm" },
            { new ByteArrayContent(Radiographs.Bytes(1)), "file", "c.dcm" },
        };
        using var response = await service.Client.PostAsync("/v1/predictions", form, Cancellation);
        using var read = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var all = read.RootElement.GetProperty("predictions");
        all[0].GetProperty("sop_instance").GetString().ShouldBe(Radiographs.Uid(0));
        all[1].GetProperty("refused").GetString().ShouldBe("unknown_format");
        all[2].GetProperty("sop_instance").GetString().ShouldBe(Radiographs.Uid(1));
    }

    public static TheoryData<string, string> Refusals => new()
    {
        { "lateral", "view" },
        { "hand", "body_part" },
        { "ct", "modality" },
        { "blank", "blank" },
        { "syntax", "unsupported" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task What_is_not_judged_is_answered_with_its_reason_and_a_report_says_so(string kind, string rule)
    {
        await using var service = await SmallService.StartAsync();
        var document = Radiographs.Dicom(0);
        byte[] bytes = kind switch
        {
            "lateral" => document.Text(0x0018_5101, "CS", "LL").ToBytes(),
            "hand" => document.Text(0x0018_0015, "CS", "HAND").ToBytes(),
            "ct" => document.Text(0x0008_0060, "CS", "CT").ToBytes(),
            "blank" =>
                document.Bytes(0x7FE0_0010, "OW", new byte[128 * 2 * 200]).Words(0x0028_0010, "US", 128).Words(0x0028_0011, "US", 200).ToBytes(),
            _ => document.Encapsulated("1.2.840.10008.1.2.4.201", new byte[64]),
        };
        var answer = await service.AnswerAsync(bytes);
        answer.NotJudged.ShouldBe(rule);
        answer.Findings.ShouldBeEmpty();
        await service.IdleAsync();
        var text = ExternalProgram.Run("dsrdump", "dcmtk", "+Pl", service.Archive.ShouldHaveSingleItem());
        text.ShouldContain("Not judged");
        text.ShouldContain(answer.Reason!);
    }

    [Fact]
    public async Task What_RadTex_made_is_never_judged()
    {
        await using var service = await SmallService.StartAsync();
        await service.AnswerAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        byte[] report = await File.ReadAllBytesAsync(service.Archive.Single(), Cancellation);
        using (var own = await service.PostAsync(report)) own.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        // A spool that never saw it knows it by its equipment.
        await using var other = await SmallService.StartAsync();
        using (var own = await other.PostAsync(report)) (await own.Content.ReadAsStringAsync(Cancellation)).ShouldContain("\"refused\":\"own\"");
    }

    [Fact]
    public async Task A_dry_run_answers_and_keeps_the_report_and_sends_nothing()
    {
        await using var service = await SmallService.StartAsync(s => s.Settings with { DryRun = true });
        using var response = await service.PostAsync(Radiographs.Bytes(0));
        await service.IdleAsync();
        service.Archive.ShouldBeEmpty();
        byte[] report = await service.Client.GetByteArrayAsync($"{response.Headers.Location}/report", Cancellation);
        DicomInstance.Parse(report).Modality.ShouldBe("SR");
    }

    [Fact]
    public async Task A_second_model_judges_in_silence_and_agreement_is_kept()
    {
        await using var service = await SmallService.StartAsync(s =>
        {
            new Models.ModelRegistry(s.Settings.Models).Add(DrawnEncoder.WriteClassifier(s.File("other.onnx"), bias: -9), "chest-2");
            return s.Settings with { Rules = [new() { Model = SmallService.Model, Shadow = "chest-2" }] };
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => service.AnswerAsync(Radiographs.Bytes(i))));
        await service.IdleAsync();
        var edema = Judging.ShadowBook.Agreements(service.Queue.Database).Single(a => a.Label == "Edema, positive");
        (edema.Radiographs, edema.Decided, edema.Agree).ShouldBe((4, 4, 0));
        edema.MeanDifference.ShouldBeGreaterThan(0.3);
        service.Archive.Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_name_that_comes_to_stand_for_another_model_is_taken_up_by_the_running_service_and_back()
    {
        await using var service = await SmallService.StartAsync();
        var registry = new Models.ModelRegistry(service.Settings.Models);
        var first = await service.AnswerAsync(Radiographs.Bytes(0));
        first.ModelSha256.ShouldBe(service.Sha256);
        var other = registry.Add(DrawnEncoder.WriteClassifier(service.File("other.onnx"), bias: -9), SmallService.Model);
        var second = await service.AnswerAsync(Radiographs.Bytes(1));
        second.ModelSha256.ShouldBe(other);
        (await service.Client.GetStringAsync($"/v2/models/{SmallService.Model}", Cancellation)).ShouldContain(other);
        // What was answered stays answered; the former model comes back by its hash.
        (await service.AnswerAsync(Radiographs.Bytes(0))).ToJson().ShouldBe(first.ToJson());
        registry.Use(SmallService.Model, service.Sha256[..12]);
        (await service.AnswerAsync(Radiographs.Bytes(2))).ModelSha256.ShouldBe(service.Sha256);
        service.Running.Spool.Audit.Read().Where(l => l.Entry.Kind == Spool.AuditKind.ModelTaken).Select(l => l.Entry.Model)
            .ShouldBe([other, service.Sha256]);
        // A file that is no longer what its name says is not taken up, and the former goes on.
        var third = registry.Add(DrawnEncoder.WriteClassifier(service.File("third.onnx"), bias: 5), "chest-3");
        await File.WriteAllTextAsync(Path.Combine(service.Settings.Models, third + ".onnx"), "damaged", Cancellation);
        registry.Use(SmallService.Model, third);
        (await service.AnswerAsync(Radiographs.Bytes(3))).ModelSha256.ShouldBe(service.Sha256);
        service.Log.ShouldContain("a model was not taken up");
    }

    [Fact]
    public async Task The_rules_choose_by_tags_and_a_skipped_one_is_left_alone()
    {
        await using var service = await SmallService.StartAsync(s =>
        {
            new Models.ModelRegistry(s.Settings.Models).Add(DrawnEncoder.WriteClassifier(s.File("other.onnx"), bias: -9), "bedside");
            return s.Settings with
            {
                Rules =
                [
                    new() { Model = "bedside", View = ["AP"] }, new() { Skip = true, Station = ["TEST-ROOM"] },
                    new() { Model = SmallService.Model, Modality = ["DX", "CR"] },
                ],
            };
        });
        (await service.AnswerAsync(Radiographs.Dicom(0).Text(0x0018_5101, "CS", "AP").ToBytes())).Model.ShouldBe("bedside");
        (await service.AnswerAsync(Radiographs.Bytes(1))).Model.ShouldBe(SmallService.Model);
        (await service.AnswerAsync(Radiographs.Dicom(2).Text(0x0008_1010, "SH", "TEST-ROOM").ToBytes())).NotJudged.ShouldBe("skipped");
        (await service.AnswerAsync(Radiographs.Dicom(3).Text(0x0008_0060, "CS", "").ToBytes())).NotJudged.ShouldBe("no_rule");
        await service.IdleAsync();
        service.Archive.Length.ShouldBe(3);
    }
}
