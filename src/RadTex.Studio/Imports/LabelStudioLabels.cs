using System.Globalization;
using System.Text.Json;
using RadTex.Files;

namespace RadTex.Studio.Imports;

/// <summary>
/// Labels of Label Studio's JSON: tasks whose annotations hold choices, the control's name being the finding. The radiograph is the task's image, by
/// id or by the name of its file. Annotations that were cancelled are left out, and of annotators only their number is taken.
/// </summary>
internal static class LabelStudioLabels
{
    private const long LargestFile = 512 << 20;

    /// <exception cref="UserErrorException">The file is no such export.</exception>
    internal static IReadOnlyList<ImportedRow> Read(string path)
    {
        if (!File.Exists(path)) throw new UserErrorException($"{path} does not exist. Expected labels; check the path.");
        if (new FileInfo(path).Length > LargestFile)
            throw new UserErrorException($"{path} is larger than {LargestFile:N0} bytes. Is it another file?");
        try
        {
            using var document = JsonDocument.Parse(RegularFile.ReadAllText(path));
            return [.. document.RootElement.EnumerateArray().SelectMany((task, i) => OfTask(task, i + 1)).ToArray()];
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new UserErrorException(
                $"{path} is no export of Label Studio: {e.Message} Expected its format JSON: tasks with data, and annotations with choices.", e);
        }
    }

    private static IEnumerable<ImportedRow> OfTask(JsonElement task, int number)
    {
        var data = task.GetProperty("data");
        string image = (data.TryGetProperty("image", out var named) ? named : data.EnumerateObject().First().Value).GetString() ?? "";
        foreach (var annotation in task.GetProperty("annotations").EnumerateArray())
        {
            if (annotation.TryGetProperty("was_cancelled", out var cancelled) && cancelled.ValueKind == JsonValueKind.True) continue;
            string reader = annotation.TryGetProperty("completed_by", out var by) ? ReaderOf(by) : "";
            foreach (var one in annotation.GetProperty("result").EnumerateArray())
                if (one.GetProperty("type").GetString() == "choices" && one.GetProperty("value").GetProperty("choices") is { } choices
                    && choices.GetArrayLength() == 1)
                    yield return new(
                        IdOf(image), reader, one.GetProperty("from_name").GetString() ?? "", choices[0].GetString()?.Trim() ?? "",
                        string.Create(CultureInfo.InvariantCulture, $"task {number}"));
        }
    }

    // An id as it is; else the name of the file that an address or a path ends with.
    private static string IdOf(string image) => image.Contains('/') ? Path.GetFileNameWithoutExtension(image.Split('?')[0]) : image;

    private static string ReaderOf(JsonElement by) => by.ValueKind switch
    {
        JsonValueKind.Number => $"annotator-{by.GetRawText()}",
        JsonValueKind.Object when by.TryGetProperty("id", out var id) => ReaderOf(id),
        JsonValueKind.String => by.GetString() ?? "",
        _ => "",
    };
}
