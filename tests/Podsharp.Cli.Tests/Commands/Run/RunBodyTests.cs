using System.CommandLine;
using NUnit.Framework;
using Podsharp.Cli.Commands.Run;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Cli.Tests.Commands.Run;

[TestFixture]
public sealed class RunBodyTests
{
    [Test]
    public void Attaches_output_but_no_input_by_default()
    {
        var body = Read("busybox");

        Assert.That((body.AttachStdin, body.AttachStdout, body.AttachStderr, body.OpenStdin), Is.EqualTo((false, true, true, false)));
    }

    [Test]
    public void Attaches_nothing_when_detached()
    {
        var body = Read("-d", "-i", "busybox");

        Assert.That((body.AttachStdin, body.AttachStdout, body.AttachStderr, body.OpenStdin), Is.EqualTo((false, false, false, true)));
    }

    [Test]
    public void Leaves_options_after_the_image_to_the_command()
    {
        var body = Read("--rm", "busybox", "ls", "--rm", "-la", "--", "-p80", "@x");

        Assert.That(body.Image, Is.EqualTo("busybox"));
        Assert.That(body.Cmd, Is.EqualTo((string[])["ls", "--rm", "-la", "--", "-p80", "@x"]));
    }

    [Test]
    public void Leaves_the_image_its_command_when_none_is_given()
    {
        Assert.That(Read("busybox").Cmd, Is.Null);
    }

    [Test]
    public void Takes_short_options_in_a_bundle()
    {
        var body = Read("-dit", "busybox");

        Assert.That((body.AttachStdout, body.OpenStdin, body.Tty), Is.EqualTo((false, true, true)));
    }

    [Test]
    public void Tells_nameless_volumes_from_binds()
    {
        var body = Read("-v", "/data", "-v", "cache:/cache", "-v", "/etc:/mnt:ro", "busybox");

        Assert.That(body.Volumes!.Keys, Is.EqualTo((string[])["/data"]));
        Assert.That(body.HostConfig!.Binds, Is.EqualTo((string[])["cache:/cache", "/etc:/mnt:ro"]));
    }

    [TestCase("512", 512)]
    [TestCase("1k", 1024)]
    [TestCase("64M", 64 << 20)]
    [TestCase("1.5g", 3L << 29)]
    [TestCase("10MiB", 10 << 20)]
    public void Reads_sizes(string text, long bytes)
    {
        Assert.That(RunBody.Bytes(text), Is.EqualTo(bytes));
    }

    [TestCase("")]
    [TestCase("m")]
    [TestCase("-1")]
    [TestCase("1x")]
    public void Refuses_what_is_no_size(string text)
    {
        Assert.Throws<CliFailure>(() => RunBody.Bytes(text));
    }

    [Test]
    public void Reads_how_often_to_restart()
    {
        var policy = RunBody.Restart("on-failure:3");

        Assert.That((policy.Name, policy.MaximumRetryCount), Is.EqualTo(("on-failure", 3)));
    }

    [TestCase("--bogus", "busybox")]
    [TestCase("--cpus", "many", "busybox")]
    [TestCase("--rm")]
    public void Refuses_a_command_line_that_makes_no_sense(params string[] arguments)
    {
        Assert.That(Parse(arguments).Errors, Is.Not.Empty);
    }

    private static CreateBody Read(params string[] arguments)
    {
        var parsed = Parse(arguments);
        Assert.That(parsed.Errors, Is.Empty);
        return RunBody.Read(parsed);
    }

    private static ParseResult Parse(string[] arguments) => CommandLine.Parse(["run", .. arguments]);
}
