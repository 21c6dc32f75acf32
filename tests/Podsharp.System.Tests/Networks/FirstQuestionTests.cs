using Podsharp.System.Tests.Life;

namespace Podsharp.System.Tests.Networks;

/// <summary>On an engine of its own: aardvark-dns closes all its sockets to read its files, which others' containers would make it do at any moment.</summary>
public sealed class FirstQuestionTests : ServiceTest
{
    [Test]
    public async Task The_first_question_of_the_first_process_is_answered_each_time()
    {
        var service = await StartWithImageAsync();
        await service.Docker.OutputAsync("network", "create", "names");
        await service.Docker.OutputAsync("run", "-d", "--name", "neighbour", "--network", "names", Image, "sleep", "1000");

        for (var number = 0; number < 50; number++)
        {
            var result = await service.Docker.RunAsync(
                "run", "--rm", "--name", "asking", "--network", "names", "--network-alias", "me", Image, "sh", "-c", "nslookup asking && nslookup me && nslookup neighbour");
            Assert.That(result.ExitCode, Is.Zero, $"start {number}: {result.Output}{result.Error}");
        }

        await service.Docker.OutputAsync("rm", "-f", "neighbour");
        await service.Docker.OutputAsync("network", "rm", "names");
    }

    [Test]
    public async Task No_question_is_refused_while_others_come_and_go_on_any_network()
    {
        var service = await StartWithImageAsync();
        foreach (var network in (string[])["here", "there"]) await service.Docker.OutputAsync("network", "create", network);
        await service.Docker.OutputAsync("run", "-d", "--name", "neighbour", "--network", "here", Image, "sleep", "1000");
        // By the C library, which takes a refusal for an answer; nobody listens at that port.
        const string ask = "until [ -e /over ]; do wget -qO- http://neighbour:9 2>&1; done";
        await service.Docker.OutputAsync("run", "-d", "--name", "asking", "--network", "here", Image, "sh", "-c", ask);

        for (var number = 0; number < 10; number++)
        {
            foreach (var network in (string[])["here", "there"]) await service.Docker.OutputAsync("run", "--rm", "--network", network, Image, "true");
        }

        await service.Docker.TouchAsync("asking", "/over");
        await service.Docker.OutputAsync("wait", "asking");
        var told = await service.Docker.OutputAsync("logs", "asking");
        Assert.That(told.Split('\n').Distinct().Where(line => line.Length > 0), Is.All.Contains("refused"));
        await service.Docker.OutputAsync("rm", "-f", "neighbour", "asking");
        await service.Docker.OutputAsync("network", "rm", "here", "there");
    }
}
