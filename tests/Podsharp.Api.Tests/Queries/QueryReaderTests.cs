using Microsoft.AspNetCore.WebUtilities;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;
using Podsharp.Api.Queries;
using Podsharp.Core.Errors;

namespace Podsharp.Api.Tests.Queries;

public sealed class QueryReaderTests
{
    [TestCase("", false)]
    [TestCase("x=", false)]
    [TestCase("x=0", false)]
    [TestCase("x=No", false)]
    [TestCase("x=FALSE", false)]
    [TestCase("x=none", false)]
    [TestCase("x=1", true)]
    [TestCase("x=yes", true)]
    [TestCase("x=2", true)]
    public void Reads_bools_as_docker_does(string query, bool expected) => Assert.That(Docker(query).Bool("x"), Is.EqualTo(expected));

    [TestCase("x=on", true)]
    [TestCase("x=1", true)]
    [TestCase("x=True", true)]
    [TestCase("x=0", false)]
    public void Reads_bools_as_Go_does_where_it_must_be_strict(string query, bool expected) =>
        Assert.That(Strict(query).Bool("x"), Is.EqualTo(expected));

    [Test]
    public void Refuses_a_word_that_is_no_Go_bool_where_it_must_be_strict() => AssertInvalid(() => Strict("x=yes").Bool("x"), "x");

    [Test]
    public void Tells_absent_from_false()
    {
        Assert.That(Docker("").OptionalBool("x"), Is.Null);
        Assert.That(Docker("").Bool("x", absent: true), Is.True);
        Assert.That(Docker("x=0").Bool("x", absent: true), Is.False);
    }

    [TestCase("t=10", 10)]
    [TestCase("t=-1", -1)]
    [TestCase("t=", null)]
    [TestCase("", null)]
    public void Reads_whole_numbers(string query, int? expected) => Assert.That(Docker(query).Int("t"), Is.EqualTo(expected));

    [TestCase("t=ten")]
    [TestCase("t=1.5")]
    [TestCase("t=99999999999")]
    public void Refuses_what_is_no_whole_number_and_names_it(string query) => AssertInvalid(() => Docker(query).Int("t"), "t");

    [TestCase("d=250ms", 0.25)]
    [TestCase("d=1h30m", 5400)]
    [TestCase("d=1.5s", 1.5)]
    [TestCase("d=-10s", -10)]
    [TestCase("d=90", 90)]
    public void Reads_durations(string query, double seconds) => Assert.That(Docker(query).Duration("d")?.TotalSeconds, Is.EqualTo(seconds));

    [TestCase("d=5parsecs")]
    [TestCase("d=s")]
    [TestCase("d=99999999999999999999h")]
    public void Refuses_what_is_no_duration(string query) => AssertInvalid(() => Docker(query).Duration("d"), "d");

    [TestCase("1136073600", "2006-01-01T00:00:00.0000000+00:00")]
    [TestCase("1136073600.000000100", "2006-01-01T00:00:00.0000001+00:00")]
    [TestCase("1136073600.5", "2006-01-01T00:00:00.5000000+00:00")]
    [TestCase("0", "1970-01-01T00:00:00.0000000+00:00")]
    [TestCase("2006-01-02T15:04:05Z", "2006-01-02T15:04:05.0000000+00:00")]
    [TestCase("2006-01-02T15:04:05.123456789Z", "2006-01-02T15:04:05.1234567+00:00")]
    [TestCase("2006-01-02T15:04:05%2B01:00", "2006-01-02T14:04:05.0000000+00:00")]
    [TestCase("2006-01-02", "2006-01-02T00:00:00.0000000+00:00")]
    [TestCase("10m", "2006-01-02T14:54:05.0000000+00:00")]
    public void Reads_moments(string text, string expected) => Assert.That(Docker($"since={text}").Time("since")?.ToString("O"), Is.EqualTo(expected));

    [TestCase("yesterday")]
    [TestCase("99999999999999999999")]
    [TestCase("9999999999999999999999999999")]
    [TestCase("1000000000h")]
    public void Refuses_what_is_no_moment(string text) => AssertInvalid(() => Docker($"since={text}").Time("since"), "since");

    [TestCase("""{"label":["a=b","c"]}""")]
    [TestCase("""{"label":{"a=b":true,"c":true,"d":false}}""")]
    public void Reads_filters_in_both_forms(string json)
    {
        var filters = Docker("filters=" + Uri.EscapeDataString(json)).Filters("label", "name");
        Assert.That(filters["label"], Is.EqualTo(["a=b", "c"]));
        Assert.That(filters["name"], Is.Empty);
        Assert.That(filters.Has("name"), Is.False);
    }

    [TestCase("null")]
    [TestCase("""{"name":null}""")]
    [TestCase("""{"name":[]}""")]
    [TestCase("""{"name":{}}""")]
    public void A_filter_without_values_narrows_nothing(string json)
    {
        var filters = Docker("filters=" + Uri.EscapeDataString(json)).Filters("name");

        Assert.That(filters.Has("name"), Is.False);
        Assert.That(filters.AnyOf("name", _ => false), Is.True);
        Assert.That(filters.Flag("name"), Is.Null);
    }

    [TestCase("""{"colour":[]}""", "invalid filter 'colour'")]
    [TestCase("""{"colour":["red"]}""", "invalid filter 'colour'")]
    [TestCase("""{"label":"a"}""", "invalid filters")]
    [TestCase("[]", "invalid filters")]
    [TestCase("{", "invalid filters")]
    public void Refuses_unknown_and_broken_filters(string json, string message) =>
        AssertInvalid(() => Docker("filters=" + Uri.EscapeDataString(json)).Filters("label"), message);

    [Test]
    public void Reads_repeated_keys_as_a_list() => Assert.That(Docker("names=a&names=b").List("names"), Is.EqualTo(["a", "b"]));

    private static QueryReader Docker(string query) => Reader(query, false);

    private static QueryReader Strict(string query) => Reader(query, true);

    private static QueryReader Reader(string query, bool strict) =>
        new(new QueryCollection(QueryHelpers.ParseQuery(query)), strict, new FixedClock());

    private static void AssertInvalid(Action read, string named)
    {
        var failure = Assert.Throws<EngineException>(read);
        Assert.That(failure?.Kind, Is.EqualTo(ErrorKind.InvalidInput));
        Assert.That(failure?.Message, Does.Contain(named));
    }

    private sealed class FixedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => new(2006, 1, 2, 15, 4, 5, TimeSpan.Zero);
    }
}
