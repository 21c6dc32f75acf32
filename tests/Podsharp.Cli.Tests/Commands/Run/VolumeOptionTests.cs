using NUnit.Framework;
using Podsharp.Cli.Commands.Run;

namespace Podsharp.Cli.Tests.Commands.Run;

[TestFixture]
public sealed class VolumeOptionTests
{
    [TestCase("./src:/src:ro", "/home/me/src:/src:ro")]
    [TestCase(".:/src", "/home/me:/src")]
    [TestCase("../other:/src", "/home/other:/src")]
    [TestCase("/abs:/src", "/abs:/src")]
    [TestCase("name:/src", "name:/src")]
    public void Makes_relative_paths_absolute_and_leaves_names_alone(string option, string expected)
    {
        Assert.That(VolumeOption.Read(option, "/home/me"), Is.EqualTo(new VolumeOption(expected, Nameless: false)));
    }

    [Test]
    public void Is_nameless_with_a_place_alone()
    {
        Assert.That(VolumeOption.Read("/data", "/home/me"), Is.EqualTo(new VolumeOption("/data", Nameless: true)));
    }
}
