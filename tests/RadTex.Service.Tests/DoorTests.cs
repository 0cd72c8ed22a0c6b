using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace RadTex.Service.Tests;

/// <summary>STOW-RS, the Open Inference Protocol and the watched folder.</summary>
public sealed class DoorTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stow_tells_what_it_took_and_of_the_rest_a_reason_each()
    {
        await using var service = await SmallService.StartAsync();
        byte[] changed = Radiographs.Bytes(0);
        changed[^9] ^= 1;
        using var response = await StowAsync(service, "/dicom-web/studies", Radiographs.Bytes(0), [1, 2, 3], changed, Radiographs.Bytes(1)[..400]);
        response.StatusCode.ShouldBe(HttpStatusCode.Accepted);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/dicom+json");
        using var read = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        var taken = read.RootElement.GetProperty("00081199").GetProperty("Value");
        taken.GetArrayLength().ShouldBe(1);
        taken[0].GetProperty("00081155").GetProperty("Value")[0].GetString().ShouldBe(Radiographs.Uid(0));
        var failed = read.RootElement.GetProperty("00081198").GetProperty("Value").EnumerateArray().ToArray();
        failed.Select(f => f.GetProperty("00081197").GetProperty("Value")[0].GetInt32()).ShouldBe([0xC000, 0x0111, 0xC000]);
        failed[1].GetProperty("00081155").GetProperty("Value")[0].GetString().ShouldBe(Radiographs.Uid(0));
        failed[1].GetProperty("00741048").GetProperty("Value")[0].GetProperty("00000902").GetProperty("Value")[0].GetString()
            .ShouldBe("an instance of the same SOP instance UID and other content was taken before");
        await service.IdleAsync();
        service.Archive.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Stow_into_a_study_refuses_another_studys_instance()
    {
        await using var service = await SmallService.StartAsync();
        using (var own = await StowAsync(service, $"/dicom-web/studies/{Radiographs.Uid(0)}.1", Radiographs.Bytes(0)))
            own.StatusCode.ShouldBe(HttpStatusCode.OK);
        using (var other = await StowAsync(service, $"/dicom-web/studies/{Radiographs.Uid(0)}.1", Radiographs.Bytes(1)))
        {
            other.StatusCode.ShouldBe(HttpStatusCode.Conflict);
            (await other.Content.ReadAsStringAsync(Cancellation)).ShouldContain(0xA900.ToString());
        }
        using var bare = await service.PostAsync(Radiographs.Bytes(2), "/dicom-web/studies");
        bare.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task The_inference_protocol_gives_the_same_numbers_as_json_and_as_raw_bytes()
    {
        await using var service = await SmallService.StartAsync();
        var expected = (await service.AnswerAsync(Radiographs.Bytes(0))).Findings.Select(f => f.Probability).ToArray();
        string file = Convert.ToBase64String(Radiographs.Bytes(0));
        var json = $$"""{"id":"7","inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{file}}"]}]}""";
        using var response = await service.PostAsync(Encoding.UTF8.GetBytes(json), "/v2/models/chest-1/infer", "application/json");
        using var read = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var output = read.RootElement.GetProperty("outputs")[0];
        output.GetProperty("shape").EnumerateArray().Select(s => s.GetInt32()).ShouldBe([1, 2]);
        output.GetProperty("data").EnumerateArray().Select(d => d.GetSingle()).ShouldBe(expected);
        read.RootElement.GetProperty("id").GetString().ShouldBe("7");

        byte[] image = Radiographs.Bytes(0);
        string head = $$$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","parameters":{"binary_data_size":{{{image.Length + 4}}}}}]}""";
        using var content = new ByteArrayContent([.. Encoding.UTF8.GetBytes(head), .. BitConverter.GetBytes(image.Length), .. image]);
        content.Headers.Add("Inference-Header-Content-Length", head.Length.ToString());
        using var raw = await service.Client.PostAsync("/v2/models/chest-1/infer", content, Cancellation);
        (await raw.Content.ReadAsStringAsync(Cancellation)).ShouldContain(output.GetProperty("data").GetRawText());
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("not json", 400)]
    [InlineData("""{"inputs":[{"name":"image","datatype":"FP32","shape":[1],"data":[1]}]}""", 400)]
    [InlineData("""{"inputs":[{"name":"image","datatype":"BYTES","shape":[1],"data":["AQID"]}]}""", 415)]
    public async Task The_inference_protocol_refuses_what_is_no_file(string body, int status)
    {
        await using var service = await SmallService.StartAsync();
        using var response = await service.PostAsync(Encoding.UTF8.GetBytes(body), "/v2/models/chest-1/infer", "application/json");
        ((int)response.StatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task The_inference_protocol_gives_no_number_for_what_is_not_judged()
    {
        await using var service = await SmallService.StartAsync();
        string file = Convert.ToBase64String(Radiographs.Dicom(0).Text(0x0018_5101, "CS", "LL").ToBytes());
        var json = $$"""{"inputs":[{"name":"image","shape":[1],"datatype":"BYTES","data":["{{file}}"]}]}""";
        using var response = await service.PostAsync(Encoding.UTF8.GetBytes(json), "/v2/models/chest-1/infer", "application/json");
        response.StatusCode.ShouldBe(HttpStatusCode.UnprocessableEntity);
        (await response.Content.ReadAsStringAsync(Cancellation)).ShouldContain("not judged");
    }

    [Theory]
    [InlineData("/v2", 200)]
    [InlineData("/v2/health/live", 200)]
    [InlineData("/v2/health/ready", 200)]
    [InlineData("/v2/models/chest-1", 200)]
    [InlineData("/v2/models/chest-1/ready", 200)]
    [InlineData("/v2/models/other", 404)]
    [InlineData("/health/live", 200)]
    [InlineData("/health/ready", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/metrics", 200)]
    [InlineData("/", 200)]
    [InlineData("/assets/try.js", 200)]
    [InlineData("/v1/predictions/9", 404)]
    [InlineData("/elsewhere", 404)]
    public async Task Every_address_answers(string path, int status)
    {
        await using var service = await SmallService.StartAsync();
        using var response = await service.Client.GetAsync(path, Cancellation);
        ((int)response.StatusCode).ShouldBe(status, await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task The_document_describes_the_doors_and_the_page_asks_no_foreign_host()
    {
        await using var service = await SmallService.StartAsync();
        var document = await service.Client.GetStringAsync("/openapi/v1.json", Cancellation);
        foreach (var path in (string[])["/v1/predictions", "/dicom-web/studies", "/v2/models/{model}/infer", "/health/ready"])
            document.ShouldContain($"\"{path}\"");
        foreach (var asset in (string[])["/", "/assets/try.js", "/assets/try.css"])
            (await service.Client.GetStringAsync(asset, Cancellation)).ShouldNotContain("//", customMessage: asset);
    }

    [Fact]
    public async Task A_watched_folder_moves_what_it_answered_and_what_it_refused()
    {
        await using var service = new SmallService();
        service.Settings = service.Settings with
        {
            Folder = new() { Path = service.File("inbox"), Done = service.File("done"), Refused = service.File("refused"), PollSeconds = 0.05 },
        };
        Directory.CreateDirectory(service.File("inbox"));
        await File.WriteAllBytesAsync(service.File("inbox/a.dcm"), Radiographs.Bytes(0), Cancellation);
        await File.WriteAllTextAsync(service.File("inbox/b.txt"), "no picture", Cancellation);
        Radiographs.WritePng(service.File("inbox/c.png"), 1);
        await service.StartAsync();
        await SmallService.UntilAsync(() => !Directory.EnumerateFiles(service.File("inbox")).Any());
        Directory.GetFiles(service.File("done")).Select(f => Path.GetFileName(f)).Order().ShouldBe(["a.dcm", "a.dcm.json", "c.png", "c.png.json"]);
        Judging.Answer.Parse(await File.ReadAllTextAsync(service.File("done/a.dcm.json"), Cancellation)).SopInstance.ShouldBe(Radiographs.Uid(0));
        (await File.ReadAllTextAsync(service.File("refused/b.txt.json"), Cancellation)).ShouldContain("unknown_format");
        await service.IdleAsync();
        service.Archive.ShouldHaveSingleItem();
    }

    internal static async Task<HttpResponseMessage> StowAsync(SmallService service, string path, params byte[][] instances)
    {
        using var body = new MultipartContent("related", "radtexboundary");
        foreach (var instance in instances)
        {
            var part = new ByteArrayContent(instance);
            part.Headers.ContentType = new("application/dicom");
            body.Add(part);
        }
        body.Headers.ContentType!.Parameters.Add(new NameValueHeaderValue("type", "\"application/dicom\""));
        return await service.Client.PostAsync(path, body, Cancellation);
    }
}
