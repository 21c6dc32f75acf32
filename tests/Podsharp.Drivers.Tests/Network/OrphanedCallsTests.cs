using System.Diagnostics;
using Podsharp.Drivers.Network;

namespace Podsharp.Drivers.Tests.Network;

[TestFixture]
public sealed class OrphanedCallsTests
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Test]
    public async Task A_call_at_work_in_the_same_directory_is_waited_for_and_one_elsewhere_is_not()
    {
        var directory = Directory.CreateTempSubdirectory("podsharp-orphan-").FullName;
        try
        {
            var program = Path.Join(directory, "netavark");
            await File.WriteAllTextAsync(program, "#!/bin/sh\nread line\n");
            File.SetUnixFileMode(program, Executable);
            using var call = Process.Start(new ProcessStartInfo(program, ["--config", directory, "setup"]) { RedirectStandardInput = true })!;

            await OrphanedCalls.WaitAsync(Path.Join(directory, "other")).WaitAsync(TimeSpan.FromSeconds(5));
            var waiting = OrphanedCalls.WaitAsync(directory);
            Assert.That(waiting.IsCompleted, Is.False);
            call.StandardInput.Close();
            await waiting.WaitAsync(TimeSpan.FromSeconds(5));

            await call.WaitForExitAsync();
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
