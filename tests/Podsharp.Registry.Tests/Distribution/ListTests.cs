using Podsharp.Core.Errors;
using Podsharp.Core.Registries;
using Podsharp.Registry.Tests.Fakes;

namespace Podsharp.Registry.Tests.Distribution;

public sealed class ListTests : RegistryTest
{
    [Test]
    public async Task Tags_are_read_page_by_page()
    {
        Registry.On("GET /v2/a/tags/list?n=1000", 200, """{"name":"a","tags":["1","2"]}""", null, ("Link", "</v2/a/tags/list?last=2&n=1000>; rel=\"next\""));
        Registry.On("GET /v2/a/tags/list?last=2&n=1000", 200, """{"name":"a","tags":["3"]}""");
        Assert.That(await ListAsync(Open().ListTagsAsync(default)), Is.EqualTo(["1", "2", "3"]));
    }

    [Test]
    public async Task A_repository_without_tags_has_none()
    {
        Registry.On("GET /v2/a/tags/list", 200, """{"name":"a","tags":null}""");
        Assert.That(await ListAsync(Open().ListTagsAsync(default)), Is.Empty);
        await Assert.ThatAsync(() => ListAsync(Open("b").ListTagsAsync(default)), Fails(ErrorKind.NotFound));
    }

    [TestCase("<https://elsewhere.invalid/v2/a/tags/list>; rel=\"next\"", "at another host")]
    [TestCase("</v2/a/tags/list?n=1000>; rel=\"next\"", "follows itself")]
    public async Task A_dishonest_next_page_is_refused(string link, string complaint)
    {
        Registry.On("GET /v2/a/tags/list", 200, """{"tags":["1"]}""", null, ("Link", link));
        await Assert.ThatAsync(() => ListAsync(Open().ListTagsAsync(default)), Fails(ErrorKind.InvalidData, complaint));
    }

    [Test]
    public async Task Searching_uses_version_1_where_offered()
    {
        Registry.On("GET /v1/search?q=busy%20box&n=5", 200, """{"results":[{"name":"team/busybox","description":"small","star_count":3,"is_official":true},{"name":"x"}]}""");
        Assert.That(await Client.SearchAsync(Registry.Endpoint(""), null, "busy box", 5, default), Is.EqualTo(
            [new RepositorySearchResult("team/busybox", "small", 3, true, false), new RepositorySearchResult("x", "", 0, false, false)]));
    }

    [Test]
    public async Task Searching_filters_the_catalogue_elsewhere()
    {
        Registry.On("GET /v2/_catalog", 200, """{"repositories":["busybox","team/Busy","other","busy3"]}""");
        Assert.That((await Client.SearchAsync(Registry.Endpoint(""), null, "busy", 2, default)).Select(found => found.Name), Is.EqualTo(["busybox", "team/Busy"]));
        Assert.That(await ListAsync(Client.ListRepositoriesAsync(Registry.Endpoint(""), null, default)), Has.Count.EqualTo(4));
    }

    [Test]
    public async Task A_registry_that_offers_neither_says_so() =>
        await Assert.ThatAsync(() => Client.SearchAsync(Registry.Endpoint(""), null, "x", 5, default), Fails(ErrorKind.NotSupported, "neither search nor a catalogue"));

    [TestCase("/http://localhost:1/x")]
    [TestCase("////localhost:1/x")]
    public async Task A_path_that_looks_like_an_address_stays_a_path(string path)
    {
        Registry.On("GET /v2/a/tags/list?n=1000", 200, """{"tags":["1"]}""", null, ("Link", $"<{Registry.Address.ToString().TrimEnd('/')}{path}>; rel=\"next\""));
        await Assert.ThatAsync(() => ListAsync(Open().ListTagsAsync(default)), Fails(ErrorKind.NotFound));
        Assert.That(Registry.Calls.Last().Path, Does.EndWith("localhost:1/x"));
    }

    private static async Task<List<string>> ListAsync(IAsyncEnumerable<string> items)
    {
        var list = new List<string>();
        await foreach (var item in items) list.Add(item);
        return list;
    }
}
