using RadTex.Learning.Reading;

namespace RadTex.Learning.Tests.Reading;

public sealed class FigurePageTests
{
    private static ReadReport Report(string generated, string? truth)
    {
        var image = TinyReader.Image(1, truth);
        var words = generated.Split(' ').SelectMany(w => w.EndsWith('.') ? new[] { (w[..^1], true), (".", false) } : [(w, true)]).ToList();
        return new(
            image, image.Pixels[..(TinyReader.Side * TinyReader.Side)], TinyReader.Side, generated, -1, true,
            [.. words.Select((w, i) => new ReadWord(w.Item1, i > 0 && w.Item2, 0.5, [.. Enumerable.Range(0, 9).Select(c => c == i % 9 ? 1f : 0f)]))],
            3);
    }

    [Fact]
    public void Agreements_contradictions_and_what_only_one_says_are_marked()
    {
        var html = FigurePage.Build(
            [Report("There is edema. No pneumothorax. No consolidation.", "There is edema. There is a pneumothorax. Cardiomegaly.")], "a <model>",
            FigurePage.Origins(true, true)).ToHtml();
        html.ShouldContain("class=\"w agree\" tabindex=\"0\" title=\"Edema: present; the other text: present; probability 0.5\">edema");
        html.ShouldContain(
            "class=\"w contradict\" tabindex=\"0\" title=\"Pneumothorax: absent; the other text: present; probability 0.5\">pneumothorax");
        html.ShouldContain(
            "class=\"w unmatched\" tabindex=\"0\" title=\"Consolidation: absent; not in the other text; probability 0.5\">consolidation");
        html.ShouldContain("class=\"w unmatched\" title=\"Cardiomegaly: present; not in the other text\">Cardiomegaly.");
        html.ShouldContain("Synthetic");
        html.ShouldContain("a &lt;model&gt;");
        html.ShouldNotContain("<script");
    }

    [Fact]
    public void The_models_origin_is_told_apart_from_the_radiographs()
    {
        FigurePage.Origins(modelSynthetic: true, radiographsSynthetic: false).ShouldHaveSingleItem()
            .ShouldNotContain("Nothing here is about a patient");
        FigurePage.Origins(modelSynthetic: false, radiographsSynthetic: true).ShouldHaveSingleItem().ShouldContain("Nothing here is about a patient");
        FigurePage.Origins(modelSynthetic: false, radiographsSynthetic: false).ShouldBeEmpty();
        FigurePage.Origins(true, true).Count().ShouldBe(2);
    }

    [Fact]
    public async Task The_page_shows_a_words_map_over_the_radiograph_while_the_pointer_is_on_it()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var folder = new TemporaryFolder();
        var file = folder.File("page.html");
        FigurePage.Build(
            [Report("There is edema. No effusion.", "There is edema. There is an effusion.")], "made for a test",
            FigurePage.Origins(true, true)).Save(file);
        await using var chromium = await HeadlessChromium.OpenAsync(file, cancellation);
        const string word = "[...document.querySelectorAll('.w')].find(w => w.textContent === 'edema')";
        async Task<string> Visibility() =>
            (await chromium.EvaluateAsync($"getComputedStyle({word}.querySelector('img')).visibility", cancellation)).GetValue<string>();
        async Task<double> Number(string expression) => (await chromium.EvaluateAsync(expression, cancellation)).GetValue<double>();

        await Number($"({word}.scrollIntoView({{ block: 'center' }}), 0)");
        (await Visibility()).ShouldBe("hidden");
        var before = await chromium.ScreenshotAsync(cancellation);
        await chromium.MoveMouseAsync(
            await Number($"{word}.getBoundingClientRect().x + 5"), await Number($"{word}.getBoundingClientRect().y + 5"), cancellation);
        (await Visibility()).ShouldBe("visible");
        (await chromium.ScreenshotAsync(cancellation)).ShouldNotBe(before);
        // The map lies on the radiograph, no pixel beside it.
        foreach (var side in (string[])["left", "top", "right", "bottom"])
            (
                await Number(
                    $"Math.abs({word}.querySelector('img').getBoundingClientRect().{side} - document.querySelector('.reading > "
                        + $"figure > img').getBoundingClientRect().{side})")).ShouldBeLessThan(1,
                side);
        (await Number("document.querySelector('.reading > figure > img').naturalWidth")).ShouldBe(TinyReader.Side);
        // Its scale stands under the picture, with the value that the last colour means.
        (await chromium.EvaluateAsync($"getComputedStyle({word}.querySelector('.scale'), '::after').content", cancellation)).GetValue<string>()
            .ShouldBe("\"1\"");
        (
            await Number(
                $"Math.abs({word}.querySelector('.scale').getBoundingClientRect().y - document.querySelector('.reading > figure "
                    + "> .scale').getBoundingClientRect().y)")).ShouldBeLessThan(8);
        chromium.Complaints.ShouldBeEmpty();
    }
}
