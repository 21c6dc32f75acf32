using System.Diagnostics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Podsharp.Core.Errors;
using Podsharp.Engine.Images.Hello;

namespace Podsharp.Engine.Tests.Images.Hello;

[TestFixture]
public sealed class HelloProgramTests
{
    private string _path = "";

    [SetUp]
    public void ChoosePath() => _path = Path.Combine(Path.GetTempPath(), $"podsharp-hello-{Guid.NewGuid():N}");

    [TearDown]
    public void RemoveProgram() => File.Delete(_path);

    [Test]
    public void Greets_and_exits_with_zero_on_this_machine()
    {
        Write(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64");

        var (output, exitCode) = Run(_path);

        Assert.That(output, Is.EqualTo("hello, wörld\n"));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void Exits_with_one_when_the_greeting_cannot_be_written()
    {
        Write(RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "arm64" : "amd64");

        var (_, exitCode) = Run("/bin/sh", "-c", $"{_path} >/dev/full");

        Assert.That(exitCode, Is.EqualTo(1));
    }

    [Test]
    public void Greets_on_arm64_under_emulation()
    {
        var emulator = new[] { "/usr/bin/qemu-aarch64-static", "/usr/bin/qemu-aarch64" }.FirstOrDefault(File.Exists);
        if (emulator is null) Assert.Ignore("qemu-aarch64 is not installed (package qemu-user-static)");
        Write("arm64");

        var (output, exitCode) = Run(emulator, _path);

        Assert.That(output, Is.EqualTo("hello, wörld\n"));
        Assert.That(exitCode, Is.Zero);
    }

    [Test]
    public void Refuses_an_architecture_it_has_no_code_for()
    {
        var failure = Assert.Throws<EngineException>(() => HelloProgram.Build("riscv64", "x"));

        Assert.That(failure!.Kind, Is.EqualTo(ErrorKind.NotSupported));
    }

    private void Write(string architecture)
    {
        File.WriteAllBytes(_path, HelloProgram.Build(architecture, "hello, wörld\n"));
        File.SetUnixFileMode(_path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static (string Output, int ExitCode) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (output, process.ExitCode);
    }
}
