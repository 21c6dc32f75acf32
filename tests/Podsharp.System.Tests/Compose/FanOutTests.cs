using System.Text;

namespace Podsharp.System.Tests.Compose;

/// <summary>Twenty services at once.</summary>
public sealed class FanOutTests(ComposeGeneration generation) : ComposeTest(generation)
{
    private const int Services = 20;

    private static string File
    {
        get
        {
            var file = new StringBuilder("services:\n");
            for (var number = 1; number <= Services; number++)
                file.Append($"  s{number}: {{ image: {Image}, stop_grace_period: 0s, command: [sh, -c, \"httpd -p 80 -h /etc; nslookup s{number % Services + 1} >/dev/null; exec sleep 1000\"] }}\n");
            return file.ToString();
        }
    }

    [Test]
    public async Task All_of_them_reach_each_other_and_all_of_them_go()
    {
        var stack = await UpAsync("fan", File);
        var addresses = await Docker.LinesAsync(["container", "inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", .. await stack.ContainersAsync(running: true)]);
        Assert.That(addresses.Distinct().Count(), Is.EqualTo(Services));

        // A container that has started may not listen yet.
        var answers = await stack.SayAsync("s1", $"for i in $(seq {Services}); do for t in $(seq 20); do wget -qO- http://s$i/hostname 2>/dev/null && break; sleep 0.2; done; done");

        var ids = await stack.ContainersAsync();
        Assert.That(answers.Split('\n'), Is.EquivalentTo(ids.Select(id => id[..12])));
        await stack.OutputAsync("down", "-t", "0");
        Assert.That(await stack.RemainsAsync(), Is.Empty);
    }
}
