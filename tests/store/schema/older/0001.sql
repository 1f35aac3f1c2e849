BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE hpsearch_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hpsearch_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hpsearch_alembic_version" VALUES('0001');
CREATE TABLE hpsearch_attempts (
	trial_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	worker_id INTEGER NOT NULL, 
	claimed_at FLOAT NOT NULL, 
	lease_until FLOAT NOT NULL, 
	ended_at FLOAT, 
	outcome VARCHAR(16), 
	open BOOLEAN NOT NULL, 
	PRIMARY KEY (trial_id, attempt)
);
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'ca87be3fdb92bb643f8f202d49e05b5d',1,1.79527253596099472046e+09,1.79527259596099472045e+09,1.7952725360439956188e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'814eec75bfedb6362b7fbd9cbf9d8638',1,1.7952725361170186997e+09,1.79527259611701869965e+09,1795272536.169,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'900f8b5c42e1003d7381f858a7d0d0ee',1,1.79527253619901394849e+09,1.79527259619901394848e+09,1.79527253624801778788e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'7e58e9dd0fa33ac2619cc2b9e95327eb',1,1.795272536261013031e+09,1.79527259626101303099e+09,1.79527253629601597781e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'1cf58b3c7c281d42c9f1493001f71625',1,1.79527253630901122097e+09,1.79527259630901122092e+09,1.79527253636501574508e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'02fb5c91fb9547f8bdeb30d46e763607',1,1.795272536385011673e+09,1.79527259638501167295e+09,1.79527253643598699566e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'d5a38b5514a3c6c95be72801f236b279',1,1.79527253645401144027e+09,1.79527259645401144022e+09,1.79527253650398111338e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'085b00e266020a7e7c7ab411328fe3c2',1,1.79527253652301120754e+09,1.79527259652301120762e+09,1.79527253656501483919e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'af255ccb2b3dc089063a32c582f27801',1,1.79527253658698201176e+09,1.79527259658698201184e+09,1.7952725366280198097e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'2f3ab0156715d4569fcd29416d265afc',1,1.79527253664499807355e+09,1.79527259664499807354e+09,1.79527253668398404122e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'eef479a05efc69f7cb5ab46d1649bb6e',1,1.79527253671198630327e+09,1.79527259671198630335e+09,1.79527253679498720166e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'fb878634324ec491b1b179dc709c843d',1,1795272536.811,1795272596.811,1.79527253684898018839e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(13,1,1,12,'1e1a540364a869df4bdcbba64e3f8ac7',1,1.79527253715801095963e+09,1.79527259715801095962e+09,1.79527253719200801849e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(14,1,1,13,'d42eefe67d40baeb49fe350e02785690',1,1.79527253721598672869e+09,1.79527259721598672864e+09,1.79527253724000597002e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(15,1,2,0,'ddf862721b5819fbfe7fb8cb160763e0',2,1.79527253729500484462e+09,1.79527259729500484469e+09,1.79527253735800981521e+09,'finished',0);
INSERT INTO "hpsearch_attempts" VALUES(16,1,2,1,'6659c6ffa5d5235f7eeca1c481a42b59',2,1.7952725373689935207e+09,1.79527259736899352077e+09,1.79527253740500211719e+09,'finished',0);
CREATE TABLE hpsearch_rounds (
	study_id INTEGER NOT NULL, 
	first_number INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	low JSON NOT NULL, 
	high JSON NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (study_id, first_number)
);
INSERT INTO "hpsearch_rounds" VALUES(1,0,'round 0','[0.0, 0.0]','[1.0, 1.0]','the declared ranges');
CREATE TABLE hpsearch_studies (
	study_id INTEGER NOT NULL, 
	contract TEXT NOT NULL, 
	contract_hash VARCHAR(64) NOT NULL, 
	base TEXT NOT NULL, 
	budget INTEGER NOT NULL, 
	parallelism INTEGER NOT NULL, 
	admitted INTEGER NOT NULL, 
	created_at FLOAT NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "c400461cc447dc8271964146b9668818a79e7f6abc730aa241da7cb5a91093c8", "study": {"confirm": {"ensemble": 2, "epochs": 4, "seeds": 2, "top": 1}, "data": {"scaling": "auto", "source": "digits", "target": null, "test": 0.2, "train": 200, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 64, "dropout_kind": "standard", "epochs": 3, "hidden": [8], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "small", "parallelism": 3, "search": {"rounds": [12], "rungs": [1], "widen": 2}, "seed": 7, "space": [{"high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}, {"high": 0.5, "log": false, "low": 0.0, "name": "dropout", "widen": 0}], "trials": 14}}','0a677bf68ae2bfbfbb7f3ca1bcc31c9e56140d73770c73cce315c4b1de7f9eb2','/data',14,3,14,1795272535.54599);
INSERT INTO "hpsearch_studies" VALUES(2,'{"confirms": "0a677bf68ae2bfbfbb7f3ca1bcc31c9e56140d73770c73cce315c4b1de7f9eb2", "finalists": [1]}','45cd5a2eeb281a9463bfa827ad1135eba205a793111f88bfb34c51799d69859d','/data',2,2,2,1.79527253727098560338e+09);
CREATE TABLE hpsearch_workers (
	worker_id INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	host VARCHAR(256) NOT NULL, 
	process VARCHAR(128) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at FLOAT NOT NULL, 
	beat_at FLOAT NOT NULL, 
	ended_at FLOAT, 
	PRIMARY KEY (worker_id)
);
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','5554@1420981',5554,1.79527253588600015643e+09,1.79527253721598672869e+09,1.79527253725799036026e+09);
INSERT INTO "hpsearch_workers" VALUES(2,2,'vm/0/0','5554@1420981',5554,1.79527253729198718072e+09,1.7952725373689935207e+09,1.79527253742700958248e+09);
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'small');
INSERT INTO "studies" VALUES(2,'small.confirm');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MAXIMIZE',1,0);
INSERT INTO "study_directions" VALUES(2,'MAXIMIZE',2,0);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_system_attributes" VALUES(1,1,'study:metric_names','["validation accuracy"]');
INSERT INTO "study_system_attributes" VALUES(2,2,'study:metric_names','["validation accuracy"]');
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'result','{"ensemble": 2, "ensemble_test_accuracy": 0.3816155988857939, "interval": [0.0, 1.0], "mean": 0.37186629526462395, "number": 1, "params": {"dropout": 0.06951304690923488, "lr": 0.028589315513663338}, "seeds": 2, "test_accuracy": 0.35236768802228413, "value": 0.39275766016713093}');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,1.69916434540389960083e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,3,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,2,1,2.67409470752089151179e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,2,2,2.92479108635097517776e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,2,3,3.92757660167130928652e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,3,1,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,3,2,2.53481894150417830235e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,3,3,1.9498607242339832668e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,4,1,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,4,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,4,3,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,5,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,5,2,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,5,3,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,6,1,2.39554317548746509292e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,6,2,2.50696378830083554944e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,6,3,2.61838440111420600597e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,7,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,7,2,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,7,3,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,8,1,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,8,2,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,8,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,9,1,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,9,2,2.50696378830083554944e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,9,3,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,10,1,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,10,2,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,10,3,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,11,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,12,1,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,12,2,1.64345403899721437257e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,12,3,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,14,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,15,1,2.08913649025069647624e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,15,2,1.86629526462395556318e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,15,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,15,4,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,16,1,1.89415041782729803854e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,16,2,2.22841225626740940812e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,16,3,4.01114206128133699014e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,16,4,5.23676880222841201195e-01,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'lr',1.43846623423950128323e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(2,1,'dropout',5.47551057767396431863e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(3,2,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(4,2,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(5,3,'lr',1.23750807189661367335e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(6,3,'dropout',3.04161196186832905041e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(7,4,'lr',1.14230562119289457551e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(8,4,'dropout',4.77239237567561536135e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(9,5,'lr',1.43309090401536453479e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,5,'dropout',4.20227577817553765715e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(11,6,'lr',2.56435779892305289531e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(12,6,'dropout',1.64156460974049067669e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(13,7,'lr',5.7262570288535853246e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(14,7,'dropout',3.6640414295078915785e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(15,8,'lr',4.41186852214195818211e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(16,8,'dropout',4.08857699953314779328e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(17,9,'lr',1.18983566916442337624e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(18,9,'dropout',3.26812677783681559962e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(19,10,'lr',4.58515726458805662063e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(20,10,'dropout',9.35739387507772413243e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(21,11,'lr',1.58931324202842564263e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(22,11,'dropout',3.53704134082349297418e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(23,12,'lr',7.38227238299196827052e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(24,12,'dropout',2.67977205813881791396e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(25,13,'lr',8.19863731571900267169e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(26,13,'dropout',3.89442645206141691005e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(27,14,'lr',2.06276119464253837598e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(28,14,'dropout',2.01153836848983857965e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(29,15,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(30,15,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(31,16,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(32,16,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(2,2,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(3,3,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(4,4,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(5,5,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(6,6,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(7,7,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(8,8,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(9,9,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(10,10,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(11,11,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(12,11,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(13,12,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(14,13,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(15,13,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(16,14,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(17,14,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(18,15,'stage','"confirm"');
INSERT INTO "trial_user_attributes" VALUES(19,16,'stage','"confirm"');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,1,0,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,3.92757660167130928652e-01,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,1.9498607242339832668e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,2.61838440111420600597e-01,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_values" VALUES(11,11,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(12,12,0,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_values" VALUES(13,13,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(14,14,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(15,15,0,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_values" VALUES(16,16,0,5.23676880222841201195e-01,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-21 14:48:55.960995','2026-11-21 14:48:56.043996');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-21 14:48:56.117019','2026-11-21 14:48:56.169000');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-21 14:48:56.199014','2026-11-21 14:48:56.248018');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-21 14:48:56.261013','2026-11-21 14:48:56.296016');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-21 14:48:56.309011','2026-11-21 14:48:56.365016');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-21 14:48:56.385012','2026-11-21 14:48:56.435987');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-21 14:48:56.454011','2026-11-21 14:48:56.503981');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-21 14:48:56.523011','2026-11-21 14:48:56.565015');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-21 14:48:56.586982','2026-11-21 14:48:56.628020');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-21 14:48:56.644998','2026-11-21 14:48:56.683984');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-21 14:48:56.711986','2026-11-21 14:48:56.794987');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-21 14:48:56.811000','2026-11-21 14:48:56.848980');
INSERT INTO "trials" VALUES(13,12,1,'PRUNED','2026-11-21 14:48:57.158011','2026-11-21 14:48:57.192008');
INSERT INTO "trials" VALUES(14,13,1,'PRUNED','2026-11-21 14:48:57.215987','2026-11-21 14:48:57.240006');
INSERT INTO "trials" VALUES(15,0,2,'COMPLETE','2026-11-21 14:48:57.295005','2026-11-21 14:48:57.358010');
INSERT INTO "trials" VALUES(16,1,2,'COMPLETE','2026-11-21 14:48:57.368994','2026-11-21 14:48:57.405002');
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
CREATE UNIQUE INDEX hpsearch_attempts_open ON hpsearch_attempts (study_id, number) WHERE open;
CREATE INDEX ix_hpsearch_workers_study_id ON hpsearch_workers (study_id);
COMMIT;
