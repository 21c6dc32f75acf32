using NUnit.Framework;

namespace Podsharp.Cli.Tests;

[TestFixture]
public sealed class ContainerWordsTests
{
    [TestCase("run image ls -la", "run -- image ls -la")]
    [TestCase("run --rm image -d", "run --rm -- image -d")]
    [TestCase("run --name x image", "run --name x -- image")]
    [TestCase("run --name=x image", "run --name=x -- image")]
    [TestCase("run -dp 80:80 image", "run -dp 80:80 -- image")]
    [TestCase("run -dp80:80 image", "run -dp80:80 -- image")]
    [TestCase("--url unix:///x run image", "--url unix:///x run -- image")]
    [TestCase("run --url unix:///x image", "run --url unix:///x -- image")]
    [TestCase("exec -it container sh -lc x", "exec -it -- container sh -lc x")]
    [TestCase("run -- image -x", "run -- image -x")]
    [TestCase("run --bogus image", "run --bogus -- image")]
    [TestCase("run", "run")]
    [TestCase("rm -f run image", "rm -f run image")]
    public void Begin_at_the_image_or_container(string arguments, string marked)
    {
        Assert.That(string.Join(' ', ContainerWords.Mark(CommandLine.Build(), arguments.Split(' '))), Is.EqualTo(marked));
    }
}
