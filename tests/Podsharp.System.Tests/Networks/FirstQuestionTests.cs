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
}
