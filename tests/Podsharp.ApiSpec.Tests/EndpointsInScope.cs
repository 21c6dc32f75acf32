namespace Podsharp.ApiSpec.Tests;

/// <summary>What Docker's API (1.56) has and this engine is to have: EndpointsInScope.tsv, whose parameters are those of the query and, after "H:", headers.</summary>
internal static class EndpointsInScope
{
    public static IEnumerable<(string Endpoint, string Operation, string[] Parameters)> Read() =>
        File.ReadLines(Path.Join(TestContext.CurrentContext.TestDirectory, "EndpointsInScope.tsv"))
            .Skip(1)
            .Select(line => line.Split('\t'))
            .Select(row => ($"{row[0]} {row[1]}", row[2], row[3].Split(' ', StringSplitOptions.RemoveEmptyEntries)));
}
