using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Tests.Containers.Reading;

public sealed class UpdateReaderTests
{
    [TestCase(0, 40, -1)]
    [TestCase(-5, 40, -1)]
    [TestCase(7, 40, 7)]
    [TestCase(null, 40, null)]
    [TestCase(0, 39, null)]
    public void A_change_to_no_processes_takes_the_limit_away_but_for_clients_that_always_send_it(long? asked, int minor, long? limit) =>
        Assert.That(UpdateReader.Read("c", new HostConfig { PidsLimit = asked }, new ApiVersion(1, minor, 0), []).Limits.PidsLimit, Is.EqualTo(limit));
}
