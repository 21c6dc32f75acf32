using System.Globalization;
using System.Net;
using Podsharp.ApiSpec;

return args switch
{
    ["--serve", .. var rest] when rest.Length <= 1 => await ServeAsync(rest),
    [var directory] when !directory.StartsWith('-') => await WriteAsync(directory),
    _ => Usage(),
};

// The documents into a directory: dotnet run --project src/Podsharp.ApiSpec -- $PWD/api-spec
static async Task<int> WriteAsync(string directory)
{
    Directory.CreateDirectory(directory);
    foreach (var name in Documents.Names)
        await File.WriteAllTextAsync(Path.Join(directory, $"{name}.json"), await Documents.WriteAsync(name, CancellationToken.None));
    return 0;
}

static async Task<int> ServeAsync(string[] rest)
{
    var builder = WebApplication.CreateSlimBuilder();
    var port = rest is [var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 8085;
    builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, port));
    Documents.AddTo(builder.Services);
    await using var app = builder.Build();
    app.UseSwagger();
    app.UseSwaggerUI(options =>
    {
        foreach (var name in Documents.Names) options.SwaggerEndpoint($"/swagger/{name}/swagger.json", name);
    });
    app.Lifetime.ApplicationStarted.Register(() => Console.WriteLine($"http://127.0.0.1:{port}/swagger"));
    await app.RunAsync();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: podsharp-apispec DIRECTORY | --serve [PORT]");
    return 2;
}
