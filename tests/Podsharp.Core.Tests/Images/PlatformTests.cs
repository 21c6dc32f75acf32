using Podsharp.Core.Errors;
using Podsharp.Core.Images;

namespace Podsharp.Core.Tests.Images;

public sealed class PlatformTests
{
    [TestCase("linux/amd64", "linux/amd64")]
    [TestCase("linux/x86_64", "linux/amd64")]
    [TestCase("linux/aarch64", "linux/arm64")]
    [TestCase("linux/arm64/v8", "linux/arm64")]
    [TestCase("linux/arm/v7", "linux/arm/v7")]
    [TestCase("linux/armhf", "linux/arm/v7")]
    [TestCase("amd64", "linux/amd64")]
    [TestCase("Linux/AMD64", "linux/amd64")]
    [TestCase("windows", "windows")]
    public void Reads_the_usual_ways_to_write_it(string text, string normal) => Assert.That(Platform.Parse(text).ToString(), Is.EqualTo(normal));

    [TestCase("")]
    [TestCase("linux/")]
    [TestCase("linux/a/b/c")]
    [TestCase("linux/a b")]
    public void Refuses_what_is_no_platform(string text) =>
        Assert.That(Assert.Throws<EngineException>(() => Platform.Parse(text))?.Kind, Is.EqualTo(ErrorKind.InvalidInput));

    [TestCase("linux/arm64", true)]
    [TestCase("linux", true)]
    [TestCase("linux/arm64/v8", true)]
    [TestCase("linux/arm64/v9", false)]
    [TestCase("linux/amd64", false)]
    [TestCase("windows/arm64", false)]
    public void Matches_an_image_of_arm64(string text, bool matches) =>
        Assert.That(Platform.Parse(text).Matches(new ImageConfig { Architecture = "arm64", Variant = "v8" }), Is.EqualTo(matches));
}
