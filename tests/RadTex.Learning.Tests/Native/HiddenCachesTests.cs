using System.Runtime.InteropServices;
using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Native;

public sealed class HiddenCachesTests
{
    private const string Library = "libc10.so", Exported = "_ZN3c1011initLoggingEv";

    private static string PathOf(string library) => Path.Combine(AppContext.BaseDirectory, library);

    [Fact]
    public void Symbol_is_found_where_the_loader_has_it()
    {
        TorchLibrary.EnsureLoaded();
        var loaded = NativeLibrary.GetExport(NativeLibrary.Load(PathOf(Library)), Exported);
        (HiddenCaches.LoadAddress(PathOf(Library))!.Value + (nint)ElfSymbols.Find(PathOf(Library), Exported)!.Value).ShouldBe(loaded);
    }

    [Fact]
    public void Unknown_symbol_is_not_found_and_what_is_no_library_is_an_error()
    {
        using var folder = new TemporaryFolder();
        ElfSymbols.Find(PathOf(Library), "no_such_symbol").ShouldBeNull();
        HiddenCaches.LoadAddress(folder.File("absent.so")).ShouldBeNull();
        File.WriteAllBytes(folder.File("short.so"), File.ReadAllBytes(PathOf(Library))[..1000]);
        Should.Throw<InvalidDataException>(() => ElfSymbols.Find(folder.File("short.so"), Exported));
        File.WriteAllText(folder.File("text.so"), new string('x', 100));
        Should.Throw<InvalidDataException>(() => ElfSymbols.Find(folder.File("text.so"), Exported));
    }

    // Whether this machine shows its caches or hides them, on all cores or on some.
    [Fact]
    public void OneDNN_believes_in_caches_of_real_sizes_once_torch_is_loaded()
    {
        TorchLibrary.EnsureLoaded();
        if (!HiddenCaches.IsAmd) Assert.Skip("not an AMD processor: oneDNN reads another leaf, which is not hidden");
        if (TorchLibrary.Remedy?.Contains("AVX-512", StringComparison.Ordinal) ?? false) Assert.Skip(TorchLibrary.Remedy);
        HiddenCaches.AreKnown(AppContext.BaseDirectory).ShouldBeTrue();
    }

    [Fact]
    public void Correcting_once_more_finds_nothing_to_do()
    {
        TorchLibrary.EnsureLoaded();
        if (TorchLibrary.Remedy?.Contains("AVX-512", StringComparison.Ordinal) ?? false) Assert.Skip(TorchLibrary.Remedy);
        HiddenCaches.Correct(AppContext.BaseDirectory).ShouldBeNull();
    }

    // Before the correction this ended the whole process (SIGFPE) where caches are hidden.
    [Theory, InlineData(512, 1024, 32, 2, false), InlineData(1024, 256, 16, 1, true)]
    public void Convolutions_of_a_ResNet_50_at_256_pixels_go_forward_and_backward(
        int inChannels, int outChannels, int side, int stride, bool bfloat16)
    {
        if (bfloat16 && !Processor.MultipliesBFloat16) Assert.Skip("this processor does not multiply bfloat16");
        TorchLibrary.EnsureLoaded();
        using var scope = NewDisposeScope();
        var type = bfloat16 ? ScalarType.BFloat16 : ScalarType.Float32;
        var images = Draw.Uniform([8, inChannels, side, side]).to(type).detach().requires_grad_();
        var kernels = Draw.Uniform([outChannels, inChannels, 1, 1]).to(type).detach().requires_grad_();
        nn.functional.conv2d(images, kernels, strides: [stride, stride]).to(ScalarType.Float32).mean().backward();
        images.grad!.isfinite().all().item<bool>().ShouldBeTrue();
        kernels.grad!.isfinite().all().item<bool>().ShouldBeTrue();
    }
}
