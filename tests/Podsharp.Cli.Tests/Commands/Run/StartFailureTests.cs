using NUnit.Framework;
using Podsharp.Cli.Commands.Run;

namespace Podsharp.Cli.Tests.Commands.Run;

[TestFixture]
public sealed class StartFailureTests
{
    // As crun and runc say it.
    [TestCase("crun: executable file `nosuch` not found in $PATH: No such file or directory", 127)]
    [TestCase("exec: \"nosuch\": executable file not found in $PATH: unknown", 127)]
    [TestCase("crun: open executable: Permission denied", 126)]
    [TestCase("exec: \"/etc\": is a directory: unknown: permission denied", 126)]
    [TestCase("netavark: bind: address already in use", 125)]
    public void Becomes_an_exit_code_as_shells_have_it(string message, int exitCode)
    {
        Assert.That(StartFailure.ExitCode(message), Is.EqualTo(exitCode));
    }
}
