using System.Globalization;
using Podsharp.Linux.Self;

namespace Podsharp.Linux.Tests.Self;

public sealed class ProgramTextTests
{
    // The program here is dotnet, which has nothing to do any more once the runtime is loaded.
    [Test]
    public void Code_that_is_let_go_of_is_not_resident_any_more()
    {
        var bytes = ProgramText.Release();

        Assert.That(bytes, Is.Positive);
        Assert.That(ResidentKilobytes(), Is.Zero);
    }

    private static long ResidentKilobytes()
    {
        var resident = 0L;
        var inside = false;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Contains('-') && !line.Contains("kB")) inside = line.Contains(" r-xp ") && line.EndsWith(Environment.ProcessPath!, StringComparison.Ordinal);
            else if (inside && line.StartsWith("Rss:", StringComparison.Ordinal)) resident += long.Parse(line[4..^2].Trim(), CultureInfo.InvariantCulture);
        }

        return resident;
    }
}
